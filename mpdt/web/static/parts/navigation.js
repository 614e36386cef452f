// The views: a column beside the content, a row below it on a narrow screen.
import { html } from "../core/html.js";
import { t } from "../core/language.js";
import { Icon } from "./icons.js";

/** @param {{views: import("../views/index.js").View[], current: import("../views/index.js").View}} props */
export function Navigation({ views, current }) {
  return html`<nav aria-label=${t("Views")}>
    ${views.map((view, index) => html`<${Tab} key=${view.id} view=${view} number=${index + 1} chosen=${view === current} />`)}
  </nav>`;
}

function Tab({ view, number, chosen }) {
  const badge = view.badge?.();
  return html`<a href=${`#/${view.id}`} aria-current=${chosen ? "page" : undefined} title=${`${view.title()} (${number})`}>
    <${Icon} name=${view.icon} />
    <span>${view.title()}</span>
    ${badge && html`<b class=${`badge ${badge.tone ?? ""}`}>${badge.text}</b>`}
  </a>`;
}
