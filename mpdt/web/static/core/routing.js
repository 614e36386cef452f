// The address after # names the view: #/chat.
import { computed, signal } from "./html.js";

const hash = signal(location.hash);
addEventListener("hashchange", () => {
  hash.value = location.hash;
});

/** The first part of the address, and the rest. */
export const route = computed(() => {
  const [, id = "", ...rest] = hash.value.split("/");
  return { id, rest: rest.map(decodeURIComponent) };
});

/** @param {string} id @param {...string} rest */
export const goTo = (id, ...rest) => {
  location.hash = ["#", id, ...rest.map(encodeURIComponent)].join("/");
};
