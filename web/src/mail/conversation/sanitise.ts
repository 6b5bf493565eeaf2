//! Makes HTML of a mail harmless before it is written into its frame. The frame's own policy stops scripts, forms and
//! loads besides; neither relies on the other.

import DOMPurify from "dompurify";

export interface Cleaned {
  fragment: DocumentFragment;
  /** Images from elsewhere that were left out. */
  blocked: number;
}

export interface Options {
  /** Images and backgrounds from elsewhere are let through. */
  remoteImages: boolean;
  /** The address of a part that the mail brings along, by its Content-ID. */
  inline: (cid: string) => string | undefined;
}

const REMOTE = /^\s*(https?:)?\/\//i;
/** Nothing that embeds, asks, plays or reaches out. `style` stays: the frame keeps it away from the app. */
const FORBIDDEN_TAGS = [
  "form",
  "input",
  "button",
  "select",
  "option",
  "optgroup",
  "textarea",
  "fieldset",
  "label",
  "datalist",
  "output",
  "iframe",
  "frame",
  "frameset",
  "object",
  "embed",
  "applet",
  "portal",
  "audio",
  "video",
  "source",
  "track",
  "picture",
  "svg",
  "math",
  "template",
  "slot",
  "dialog",
  "details",
  "summary",
  "base",
  "link",
  "meta",
  "noscript",
  "canvas",
  "map",
  "area",
];
const FORBIDDEN_ATTRIBUTES = [
  "srcset",
  "ping",
  "id",
  "name",
  "class-name",
  "action",
  "formaction",
  "poster",
  "autofocus",
  "tabindex",
  "accesskey",
  "contenteditable",
  "popover",
];
/** Only these lead anywhere. */
const LINKS = /^(?:https?|mailto|tel):/i;

/** In styles, everything that loads: the frame's policy blocks it, and without it nothing is even tried. */
function withoutLoads(css: string, remoteImages: boolean): string {
  const noImports = css.replace(/@(import|charset|namespace|font-face)\b[^;{]*(;|\{[^}]*\})?/gi, "");
  const noScript = noImports.replace(/expression\s*\(|-moz-binding|behavior\s*:/gi, "x-none");
  return remoteImages
    ? noScript
    : noScript.replace(/(url|image-set|image|src)\s*\(\s*(?!["']?data:image\/(?:png|jpe?g|gif|webp))[^)]*\)/gi, "none");
}

export function clean(html: string, { remoteImages, inline }: Options): Cleaned {
  const purify = DOMPurify(window);
  let blocked = 0;

  purify.addHook("uponSanitizeElement", (node) => {
    if (node.nodeName === "STYLE") node.textContent = withoutLoads(node.textContent ?? "", remoteImages);
  });
  purify.addHook("afterSanitizeAttributes", (element) => {
    const style = element.getAttribute("style");
    if (style !== null) element.setAttribute("style", withoutLoads(style, remoteImages));
    const background = element.getAttribute("background");
    if (background !== null && !remoteImages) {
      element.removeAttribute("background");
      if (REMOTE.test(background)) blocked += 1;
    }
    if (element.nodeName === "A") {
      const href = element.getAttribute("href") ?? "";
      if (!LINKS.test(href.trim())) element.removeAttribute("href");
      element.setAttribute("target", "_blank");
      element.setAttribute("rel", "noopener noreferrer nofollow");
    }
    if (element.nodeName === "IMG") blocked += image(element, { remoteImages, inline });
  });

  const fragment = purify.sanitize(html, {
    RETURN_DOM_FRAGMENT: true,
    FORCE_BODY: true,
    USE_PROFILES: { html: true },
    ADD_TAGS: ["style", "center", "font"],
    ADD_ATTR: ["target", "background", "bgcolor"],
    FORBID_TAGS: FORBIDDEN_TAGS,
    FORBID_ATTR: FORBIDDEN_ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    // `cid:` is resolved below; everything else that is no link or picture goes.
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|tel:|cid:|data:image\/(?:png|jpe?g|gif|webp)|\/\/)/i,
  });
  return { fragment, blocked };
}

/** Shows an image, or leaves it out: how many were left out. */
function image(element: Element, { remoteImages, inline }: Options): number {
  const source = (element.getAttribute("src") ?? "").trim();
  if (/^cid:/i.test(source)) {
    const address = inline(decodeURIComponentSafely(source.slice(4)));
    if (address === undefined) element.removeAttribute("src");
    else element.setAttribute("src", address);
    return 0;
  }
  if (/^data:image\//i.test(source)) return 0;
  if (REMOTE.test(source) && remoteImages) {
    element.setAttribute("referrerpolicy", "no-referrer");
    return 0;
  }
  element.removeAttribute("src");
  element.setAttribute("data-blocked", "");
  return source === "" ? 0 : 1;
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
