//! HTML of a mail, cleaned, in a frame whose page has a policy of its own: no script, no form, nothing loaded. Remote
//! images have another frame, used when somebody asked for them.

import { useEffect, useMemo, useRef, useState } from "react";
import { OWN_HEADER } from "../../api/client";
import { downloadUrl } from "../../jmap/client";
import type { Email } from "../../jmap/types";
import { t } from "../../text";
import { isDark } from "../../theme";
import { Button } from "../../ui/button";
import { Icon } from "../../ui/icons";
import { useJmap } from "../queries";
import { clean } from "./sanitise";

const SMALLEST = 40;

/** The pictures that the mail brings along, as addresses that live as long as the message is shown. */
function useInlineImages(accountId: string, email: Email): ReadonlyMap<string, string> {
  const session = useJmap();
  const [urls, setUrls] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    const stop = new AbortController();
    const made: string[] = [];
    const parts = email.attachments.filter(
      (part) => part.cid && part.blobId && part.type.startsWith("image/") && part.type !== "image/svg+xml",
    );
    void Promise.all(
      parts.map(async (part): Promise<[string, string] | undefined> => {
        const url = downloadUrl(session, accountId, part.blobId ?? "", part.name ?? "image", part.type);
        const response = await fetch(url, { headers: OWN_HEADER, signal: stop.signal });
        if (!response.ok) return undefined;
        const blob = URL.createObjectURL(new Blob([await response.blob()], { type: part.type }));
        made.push(blob);
        return [part.cid ?? "", blob];
      }),
    )
      .then((found) => {
        if (!stop.signal.aborted) setUrls(new Map(found.filter((one) => one !== undefined)));
      })
      // A picture that cannot be had leaves its place empty; the text is there.
      .catch(() => undefined);
    return () => {
      stop.abort();
      for (const blob of made) URL.revokeObjectURL(blob);
    };
  }, [session, accountId, email]);
  return urls;
}

export function HtmlBody({ accountId, email, html }: { accountId: string; email: Email; html: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [withImages, setWithImages] = useState(false);
  const [loaded, setLoaded] = useState(0);
  const [height, setHeight] = useState(SMALLEST);
  const [dark] = useState(isDark);
  const [own, setOwn] = useState(false);
  const inline = useInlineImages(accountId, email);
  const cleaned = useMemo(
    () => clean(html, { remoteImages: withImages, inline: (cid) => inline.get(cid) }),
    [html, withImages, inline],
  );

  useEffect(() => {
    const page = frame.current?.contentDocument;
    if (loaded === 0 || !page?.body) return;
    page.documentElement.dataset.look = dark && !own ? "dark" : "own";
    page.body.replaceChildren(page.importNode(cleaned.fragment, true));
    const measure = () => setHeight(Math.max(SMALLEST, Math.ceil(page.documentElement.getBoundingClientRect().height)));
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(page.body);
    return () => watcher.disconnect();
  }, [cleaned, loaded, dark, own]);

  return (
    <>
      {cleaned.blocked > 0 && (
        <div className="note images no-print" role="status">
          <Icon name="image" />
          <span className="grow">{t("mail.images-blocked", { count: cleaned.blocked })}</span>
          <Button tight onPress={() => setWithImages(true)}>
            {t("mail.images-show")}
          </Button>
        </div>
      )}
      <iframe
        ref={frame}
        key={withImages ? "with" : "without"}
        src={withImages ? "/frame/mail-with-images" : "/frame/mail"}
        title={t("mail.body-of", { subject: email.subject ?? "" })}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        className="html-body"
        style={{ height }}
        onLoad={() => setLoaded((count) => count + 1)}
      />
      {dark && (
        <span className="no-print">
          <Button tight look="plain" icon="sun" aria-pressed={own} onPress={() => setOwn(!own)}>
            {own ? t("mail.colours-dark") : t("mail.colours-own")}
          </Button>
        </span>
      )}
    </>
  );
}
