// Line icons, 16 by 16, drawn in the text's colour. They are never alone: the word stands beside them, or in a label.
import { html } from "../core/html.js";

const PATHS = {
  chat: "M2.5 3.5h11v7.5H7l-3 2.5V11H2.5z",
  timeline: "M4 2v12M4 4h8M4 8h6M4 12h9",
  log: "M2.5 4h11M2.5 7h8M2.5 10h11M2.5 13h6",
  tree: "M3 3h4v3H3zM9 10h4v3H9zM5 6v5.5h4",
  config: "M2 5h7M12 5h2M2 11h2M7 11h7M10.5 3.5v3M5.5 9.5v3",
  reload: "M13 8a5 5 0 1 1-1.5-3.6M13 2.5V5h-2.5",
  refresh: "M8 2v7M5 6.5 8 9.500 11 6.500M3 13h10",
  bolt: "M9 1.500 3.500 9H7l-.5 5.500L12.500 6.500H8.500z",
  power: "M8 2v6M4.500 4.200a5 5 0 1 0 7 0",
  broom: "M13 3 8.500 7.500M6 6.500 9.500 10 7 13.500 2.500 9z",
  help: "M6 6a2 2 0 1 1 3 1.800c-.7.400-1 .8-1 1.700M8 12.200v.3",
  moon: "M12.500 9.500A5 5 0 0 1 6.500 3.500a5 5 0 1 0 6 6z",
  globe: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM2 8h12M8 2c2 2 2.500 4 2.500 6S10 12 8 14M8 2C6 4 5.500 6 5.500 8S6 12 8 14",
  more: "M3 8h.01M8 8h.01M13 8h.01",
  close: "m4 4 8 8M12 4l-8 8",
  again: "M3 8a5 5 0 0 1 8.500-3.600M13 2.500V5h-2.500M13 8a5 5 0 0 1-8.500 3.600M3 13.500V11h2.500",
  undo: "M3 6h7a3 3 0 0 1 0 6H6M6 3 3 6l3 3",
  copy: "M5 5h8v8H5zM3 11V3h8",
  pause: "M5.500 3.500v9M10.500 3.500v9",
  play: "M5 3l8 5-8 5z",
  image: "M2.500 3.500h11v9h-11zM4 11l3-3 2 2 1.500-1.500L13 11M10.500 6h.01",
  save: "M3 3h8l2 2v8H3zM5 3v3.500h5V3M5 13V9.500h6V13",
  search: "M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10 10l3.500 3.500",
  warning: "M8 2.500 14 13H2zM8 6.500v3M8 11.200v.3",
};

/** @param {{name: keyof typeof PATHS}} props */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}
