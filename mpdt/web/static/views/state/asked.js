// What a view asks the server: again after each change of the plugin, and, where it goes on by itself, again and again
// while somebody sees the page.
import { useEffect, useRef, useState } from "../../core/html.js";
import { lastChange, ready } from "../../core/store.js";

/** The answer of a request, kept up to date: {answer, error, ask}.
 * @param {() => Promise<any>} request @param {number} [every] milliseconds; without it, after changes only */
export function useAsked(request, every) {
  const [answer, setAnswer] = useState(/** @type {any} */ (null));
  const [error, setError] = useState("");
  const alive = useRef(true);
  const asking = useRef(false);
  const ask = async () => {
    if (asking.current) return; // a slow worker gets one request after the other
    asking.current = true;
    try {
      const found = await request();
      if (alive.current) setAnswer(found);
      if (alive.current) setError("");
    } catch (problem) {
      if (alive.current) setError(problem instanceof Error ? problem.message : String(problem));
    } finally {
      asking.current = false;
    }
  };
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);
  useEffect(() => void ask(), [lastChange.value?.seq, ready.value?.seq]);
  useEffect(() => {
    if (!every) return undefined;
    const timer = setInterval(() => document.hidden || ask(), every);
    return () => clearInterval(timer);
  }, [every]);
  return { answer, error, ask };
}
