// The views, in the order of their number keys.
import { chat } from "./chat.js";
import { timeline } from "./timeline.js";
import { log } from "./log.js";
import { state } from "./state.js";
import { config } from "./config.js";

/**
 * @typedef {object} View
 * @property {string} id its address: #/id
 * @property {() => string} title
 * @property {string} icon
 * @property {any} component
 * @property {() => {text: string, tone?: string} | null} [badge]
 * @property {() => import("../core/keyboard.js").Key[]} [keys] while it is shown
 */

/** @type {View[]} */
export const views = [chat, timeline, log, state, config];
