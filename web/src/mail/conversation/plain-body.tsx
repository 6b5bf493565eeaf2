//! Plain text: links can be followed, and what was only quoted folds away.

import { type ReactNode, useState } from "react";
import { t } from "../../text";
import { Button } from "../../ui/button";

const LINK = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;

/** The text with its links as elements. */
export function linked(text: string): ReactNode[] {
  const nodes: ReactNode[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    nodes.push(text.slice(at, match.index));
    const [found] = match;
    const isLink = /^https?:/i.test(found);
    nodes.push(
      <a key={match.index} href={isLink ? found : `mailto:${found}`} target="_blank" rel="noopener noreferrer nofollow">
        {found}
      </a>,
    );
    at = match.index + found.length;
  }
  nodes.push(text.slice(at));
  return nodes;
}

/** What somebody wrote, and the quotation below it (RFC 3676 `>` lines with the line that introduces them). */
export function split(text: string): [own: string, quoted: string] {
  const lines = text.replace(/\r\n/g, "\n").trimEnd().split("\n");
  let at = lines.length;
  while (at > 0 && /^\s*(>.*)?$/.test(lines[at - 1] ?? "")) at -= 1;
  const quoted = lines.slice(at);
  if (quoted.filter((line) => line.startsWith(">")).length < 2) return [lines.join("\n"), ""];
  if (/:\s*$/.test(lines[at - 1] ?? "")) at -= 1;
  // A mail that is nothing but a quotation is shown whole.
  return at === 0 ? [lines.join("\n"), ""] : [lines.slice(0, at).join("\n").trimEnd(), lines.slice(at).join("\n")];
}

export function PlainBody({ text }: { text: string }) {
  const [shows, setShows] = useState(false);
  const [own, quoted] = split(text);
  return (
    <div className="plain">
      <div className="plain-text">{linked(own)}</div>
      {quoted !== "" && (
        <>
          <span className="no-print">
            <Button tight look="plain" icon="more" aria-expanded={shows} onPress={() => setShows(!shows)}>
              {shows ? t("mail.hide-quoted") : t("mail.show-quoted")}
            </Button>
          </span>
          {shows && <div className="plain-text quoted">{linked(quoted)}</div>}
        </>
      )}
    </div>
  );
}
