//! What a message says: plain text as text, HTML in a frame of its own.

import type { Email } from "../../jmap/types";
import { t } from "../../text";
import { HtmlBody } from "./html-body";
import { PlainBody } from "./plain-body";

function joined(email: Email, parts: Email["htmlBody"]): string {
  return parts.map((part) => email.bodyValues[part.partId ?? ""]?.value ?? "").join("\n");
}

export function Body({ accountId, email }: { accountId: string; email: Email }) {
  const isHtml = email.htmlBody.some((part) => part.type === "text/html");
  const cut = Object.values(email.bodyValues).some((value) => value.isTruncated);
  return (
    <>
      {isHtml ? (
        <HtmlBody accountId={accountId} email={email} html={joined(email, email.htmlBody)} />
      ) : (
        <PlainBody text={joined(email, email.textBody)} />
      )}
      {cut && <p className="hint">{t("mail.cut")}</p>}
    </>
  );
}
