// WS /api/events: reconnects by itself, and asks for what came after the last event that it has, so nothing is missed.
import { batch, signal } from "./html.js";
import { get } from "./api.js";

/** "connecting", "open", or "lost" while it tries again. */
export const connection = signal("connecting");
/** The last event's number, and the run that it belongs to. */
export const position = { run: "", seq: 0, begin: 0, missed: 0 };

/** @type {WebSocket | null} */
let current = null;
/** Ends the stream that is open; the next one goes on where it ended. */
export const hangUp = () => current?.close();

const SHORTEST = 150;
const LONGEST = 3000;

/** @typedef {{event: string, seq: number, time: number, [field: string]: any}} Event */

/** Follows the server for as long as the page lives.
 * @param {(events: Event[]) => void} take events in the order of their numbers, without a gap
 * @param {() => void} reset another run of the server: what was taken is history of another process
 * @param {() => void} opened each time the stream is there (again) */
export function follow(take, reset, opened) {
  let wait = SHORTEST;
  const connect = () => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const query = `frames=1&since=${position.seq}&run=${position.run}`;
    const socket = new WebSocket(`${scheme}://${location.host}/api/events?${query}`);
    current = socket;
    socket.onmessage = (message) => {
      const frame = JSON.parse(message.data);
      if (frame.hello) {
        wait = SHORTEST;
        if (frame.hello.run !== position.run) {
          if (position.run) reset();
          position.run = frame.hello.run;
          position.seq = 0;
          position.begin = frame.hello.last;
        }
        connection.value = "open";
        opened();
      } else {
        batch(() => take(inOrder(frame)));
      }
    };
    socket.onclose = () => {
      connection.value = "lost";
      setTimeout(connect, wait);
      if (wait > SHORTEST) get("/api/state").catch(() => {}); // a refusal by status is seen by a request only
      wait = Math.min(wait * 2, LONGEST);
    };
  };
  connect();
}

/** @param {Event[]} events */
function inOrder(events) {
  const fresh = events.filter((event) => event.seq > position.seq);
  for (const event of fresh) {
    // Of what was before the page was opened, only the last log lines came. From there on no number may be left out.
    if (event.seq > position.begin) position.missed += event.seq - Math.max(position.seq, position.begin) - 1;
    position.seq = event.seq;
  }
  return fresh;
}
