//! Live changes (RFC 8620 section 7.3): one event stream for all accounts. When it breaks it is opened again, and
//! everything is looked at once more, because nobody knows what was missed.

import { eventSourceUrl } from "./client";
import type { JmapSession } from "./session";

/** Account → types of data that changed. */
export type Changed = Record<string, Record<string, string>>;

interface StateChange {
  "@type": "StateChange";
  changed: Changed;
}

const RETRY_FROM = 1_000;
const RETRY_MOST = 30_000;

/** Listens until the returned function is called. */
export function listen(session: JmapSession, onChange: (changed: Changed) => void, onGap: () => void): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = RETRY_FROM;
  let wasOpen = false;

  function open(): void {
    source = new EventSource(eventSourceUrl(session), { withCredentials: true });
    source.addEventListener("open", () => {
      wait = RETRY_FROM;
      if (wasOpen) onGap();
      wasOpen = true;
    });
    source.addEventListener("state", (event) => {
      const change = JSON.parse((event as MessageEvent<string>).data) as StateChange;
      onChange(change.changed);
    });
    source.addEventListener("error", () => {
      // The browser tries again by itself, unless the server refused; then somebody has to.
      if (source?.readyState !== EventSource.CLOSED) return;
      source.close();
      // Until it opens, looking again is all that can be done.
      onGap();
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, RETRY_MOST);
    });
  }

  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
