// The page. It has no build step: the browser loads these modules as they are.
//
// How a view is added
//   1. views/NAME.js exports one object (see the View type in views/index.js):
//        export const example = {
//          id: "example",                      // its address: #/example
//          title: () => t("Log"),              // always through t(), never kept: the language can change
//          icon: "tree",                       // a name of parts/icons.js
//          component: Example,                 // a preact component; it is mounted while the view is shown
//          badge: () => null,                  // optional: {text, tone} beside the title; reads signals
//          keys: () => [],                     // optional: keys while it is shown, see core/keyboard.js
//        };
//   2. views/index.js lists it; its place there is its number key.
//   3. Its style lies in style/views.css, or in a file of its own that index.html names. Colours and sizes are tokens.
//   4. Its sentences go through t() and have their Chinese in core/zh.js (tests/web/test_language.py checks it).
//
// What a view reads: the signals of core/store.js (state, timeline, conversation, log, trouble, mode ...): using `.value`
// in a component draws it again when they change. What it asks: core/api.js (get, post, put; a Refusal carries the
// server's sentence). What it tells in passing: announce(sentence) of parts/notices.js. Files: <Place file line> of
// core/editor.js opens the editor. New facts come as fields of events or of /api/state, never by polling.
import { html, render, useEffect } from "./core/html.js";
import { follow } from "./core/stream.js";
import * as store from "./core/store.js";
import { goTo, route } from "./core/routing.js";
import { globalKeys, listen, viewKeys } from "./core/keyboard.js";
import { keysOfTheFrame } from "./core/actions.js";
import { views } from "./views/index.js";
import { t } from "./core/language.js";
import { Header } from "./parts/header.js";
import { Navigation } from "./parts/navigation.js";
import { StatusLine } from "./parts/status.js";
import { Overlay } from "./parts/overlay.js";
import { Dialogs } from "./parts/dialogs.js";
import { Notices } from "./parts/notices.js";

function Page() {
  const view = views.find((one) => one.id === route.value.id) ?? views[0];
  useEffect(() => {
    viewKeys.value = view.keys?.() ?? [];
    document.getElementById("main")?.scrollTo(0, 0);
  }, [view]);
  const name = store.state.value?.plugin ?? store.ready.value?.plugin;
  useEffect(() => {
    document.title = [store.trouble.value && "✗", view.title(), name, "mpdt"].filter(Boolean).join(" · ");
  });
  return html`
    <a class="skip" href="#main" onClick=${skip}>${t("Skip to the content")}</a>
    <${Header} />
    <${Navigation} views=${views} current=${view} />
    <main id="main" tabindex="-1" aria-label=${view.title()}>
      <${view.component} key=${view.id} />
    </main>
    <${StatusLine} />
    <${Overlay} />
    <${Dialogs} />
    <${Notices} />
  `;
}

/** The address names the view, so the skip link must not change it. */
function skip(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

globalKeys.value = [
  ...views.map((view, index) => ({ key: String(index + 1), label: view.title, run: () => goTo(view.id) })),
  ...keysOfTheFrame,
];
listen();
follow(store.take, store.reset, store.refreshState);
render(html`<${Page} />`, /** @type {HTMLElement} */ (document.getElementById("app")));
