//! One message of a conversation: from whom to whom, when, what it says, and its files.

import { useId, useState } from "react";
import { downloadUrl } from "../../jmap/client";
import type { Address, Email } from "../../jmap/types";
import { fullMoment, moment, size, t } from "../../text";
import { Avatar } from "../../ui/avatar";
import { Button, IconButton } from "../../ui/button";
import { Icon } from "../../ui/icons";
import { type Item, Menu } from "../../ui/menu";
import { forward, reply } from "../composer/open";
import { nameOf } from "../list/row";
import { canSend, useJmap } from "../queries";
import { Body } from "./body";
import { Source } from "./source";

function same(a: Address | undefined, b: Address | undefined): boolean {
  return a?.email.toLowerCase() === b?.email.toLowerCase();
}

interface Props {
  accountId: string;
  email: Email;
  isOpen: boolean;
  onToggle: () => void;
  onEditDraft: () => void;
}

export function MessageView({ accountId, email, isOpen, onToggle, onEditDraft }: Props) {
  const session = useJmap();
  const [detailed, setDetailed] = useState(false);
  const [source, setSource] = useState(false);
  const heading = useId();
  const from = email.from?.[0];
  const sender = email.sender?.[0];
  const onBehalf = sender && from && !same(sender, from);
  const recipients = [...(email.to ?? []), ...(email.cc ?? [])];
  const original = downloadUrl(session, accountId, email.blobId, `${fileName(email.subject)}.eml`, "message/rfc822");

  return (
    <section
      className="message"
      aria-labelledby={heading}
      data-open={isOpen}
      data-draft={email.keywords.$draft === true}
    >
      <header className="message-head">
        <button type="button" className="message-toggle" aria-expanded={isOpen} onClick={onToggle}>
          <Avatar name={nameOf(from)} />
          <span className="grow message-who">
            <span className="row">
              <strong id={heading} className="cut">
                {nameOf(from)}
              </strong>
              {from?.name && isOpen && <span className="quiet small cut message-address">{from.email}</span>}
              {email.keywords.$draft && <span className="tag warn">{t("mail.draft")}</span>}
            </span>
            <span className="quiet small cut message-line">
              {!isOpen
                ? email.preview
                : onBehalf
                  ? t("mail.on-behalf", { sender: nameOf(sender), to: recipients.map(nameOf).join(", ") })
                  : t("mail.to", { names: recipients.map(nameOf).join(", ") || t("mail.nobody") })}
            </span>
          </span>
          {email.hasAttachment && !isOpen && <Icon name="clip" />}
          {email.keywords.$flagged && (
            <span className="flagged">
              <Icon name="flag" />
            </span>
          )}
          <time className="quiet small" dateTime={email.receivedAt} title={fullMoment(email.receivedAt)}>
            <span className="only-wide">{isOpen ? fullMoment(email.receivedAt) : moment(email.receivedAt)}</span>
            <span className="only-narrow">{moment(email.receivedAt)}</span>
          </time>
        </button>
        {isOpen && (
          <span className="no-print">
            <Menu
              label={t("mail.more")}
              trigger={<IconButton icon="more" tight label={t("mail.more")} />}
              items={[
                ...(canSend(session)
                  ? ([
                      {
                        id: "reply",
                        label: t("mail.reply"),
                        icon: "reply",
                        onAction: () => reply(session, accountId, email, false),
                      },
                      {
                        id: "reply-all",
                        label: t("mail.reply-all"),
                        icon: "reply-all",
                        onAction: () => reply(session, accountId, email, true),
                      },
                      {
                        id: "forward",
                        label: t("mail.forward"),
                        icon: "forward",
                        onAction: () => forward(session, accountId, email),
                      },
                    ] satisfies Item[])
                  : []),
                {
                  id: "details",
                  label: detailed ? t("mail.fewer-details") : t("mail.details"),
                  icon: "info",
                  apart: true,
                  onAction: () => setDetailed(!detailed),
                },
                { id: "print", label: t("mail.print"), icon: "print", onAction: () => print() },
                { id: "source", label: t("mail.source"), icon: "code", onAction: () => setSource(true) },
                {
                  id: "eml",
                  label: t("mail.download"),
                  icon: "download",
                  onAction: () => download(original, `${fileName(email.subject)}.eml`),
                },
              ]}
            />
          </span>
        )}
      </header>
      {isOpen && detailed && <Details email={email} />}
      {isOpen && (
        <div className="message-body">
          {email.keywords.$draft && canSend(session) && (
            <p className="no-print">
              <Button tight icon="draft" onPress={onEditDraft}>
                {t("mail.edit-draft")}
              </Button>
            </p>
          )}
          <Body accountId={accountId} email={email} />
          <Files accountId={accountId} email={email} />
        </div>
      )}
      {source && <Source url={original} onClose={() => setSource(false)} />}
    </section>
  );
}

function fileName(subject: string | null): string {
  const cleaned = (subject ?? "")
    .replace(/[^\p{L}\p{N} ._-]+/gu, "")
    .trim()
    .slice(0, 80);
  return cleaned || "message";
}

function download(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}

function Details({ email }: { email: Email }) {
  const rows = [
    [t("mail.field.from"), email.from],
    [t("mail.field.sender"), email.sender],
    [t("mail.field.reply-to"), email.replyTo],
    [t("mail.field.to"), email.to],
    [t("mail.field.cc"), email.cc],
    [t("mail.field.bcc"), email.bcc],
  ] as const;
  return (
    <dl className="details">
      {rows.map(
        ([label, addresses]) =>
          addresses &&
          addresses.length > 0 && (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{addresses.map((one) => (one.name ? `${one.name} <${one.email}>` : one.email)).join(", ")}</dd>
            </div>
          ),
      )}
      <div>
        <dt>{t("mail.field.size")}</dt>
        <dd>{size(email.size)}</dd>
      </div>
      {email.messageId?.[0] && (
        <div>
          <dt>{t("mail.field.message-id")}</dt>
          <dd className="mono">{email.messageId[0]}</dd>
        </div>
      )}
    </dl>
  );
}

function Files({ accountId, email }: { accountId: string; email: Email }) {
  const session = useJmap();
  // Pictures that the text shows by their Content-ID are in it already.
  const files = email.attachments.filter(
    (part) =>
      part.blobId !== null &&
      !(part.cid && part.disposition !== "attachment" && email.htmlBody.some((one) => one.type === "text/html")),
  );
  if (files.length === 0) return null;
  return (
    <ul className="files" aria-label={t("mail.files")}>
      {files.map((part) => {
        const name = part.name ?? t("mail.unnamed-file");
        return (
          <li key={part.blobId}>
            <a
              href={downloadUrl(session, accountId, part.blobId ?? "", name, part.type)}
              download={name}
              className="file"
            >
              <Icon name={part.type.startsWith("image/") ? "image" : "clip"} />
              <span className="cut">{name}</span>
              <span className="quiet small">{size(part.size)}</span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}
