//! Details: what the mailbox is called and how it behaves.

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { answer, api, Refusal, type Schemas } from "../../api/client";
import { useSession } from "../../api/session";
import { t } from "../../text";
import { Button } from "../../ui/button";
import { Confirm } from "../../ui/dialog";
import { Choice, Field } from "../../ui/field";
import { messageOf, Note } from "../../ui/note";
import { say } from "../../ui/toasts";
import { type Mailbox, mailboxQuery, useChange } from "../queries";
import { useMailboxName } from "./mailbox";

const MEGABYTE = 1024 * 1024;

/** Octets of a number of megabytes as typed; null where nothing was, undefined where it is no number. */
export function quotaIn(typed: string): number | null | undefined {
  const text = typed.trim();
  if (text === "") return null;
  const value = Number(text.replace(",", "."));
  return Number.isFinite(value) && value > 0 ? Math.round(value * MEGABYTE) : undefined;
}

export function Details() {
  const name = useMailboxName();
  const { data: mailbox } = useQuery(mailboxQuery(name));
  const isAdmin = useSession().privilege === "admin";
  if (!mailbox) return null;
  return (
    <>
      <Form key={JSON.stringify(mailbox)} mailbox={mailbox} />
      {isAdmin && mailbox.kind !== "user" && <Remove mailbox={mailbox} />}
    </>
  );
}

function Form({ mailbox }: { mailbox: Mailbox }) {
  const isAdmin = useSession().privilege === "admin";
  const [displayName, setDisplayName] = useState(mailbox.display_name);
  const [sentCopy, setSentCopy] = useState(mailbox.sent_copy);
  const [seen, setSeen] = useState(mailbox.seen);
  const before = typeof mailbox.quota === "number" ? String(mailbox.quota / MEGABYTE) : "";
  const [quota, setQuota] = useState(before);
  const octets = quotaIn(quota);
  const saving = useChange(
    (body: Schemas["MailboxChange"]) =>
      answer(api.PATCH("/mailboxes/{mailbox}", { params: { path: { mailbox: mailbox.name } }, body })),
    () => say(t("state.saved")),
  );
  const refusal = saving.error instanceof Refusal ? saving.error : undefined;
  const about = (field: string) => (refusal?.field === field ? refusal.message : undefined);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (octets === undefined) return;
    // What nobody touched is not sent: whoever may change only some of it may still save.
    const body: Schemas["MailboxChange"] = {};
    if (displayName !== mailbox.display_name) body.display_name = displayName;
    if (sentCopy !== mailbox.sent_copy) body.sent_copy = sentCopy;
    if (seen !== mailbox.seen) body.seen = seen;
    if (quota !== before) body.quota = octets;
    saving.mutate(body);
  }

  return (
    <form className="panel" onSubmit={submit}>
      {saving.error && !["display_name", "quota"].includes(refusal?.field ?? "") && (
        <Note tone="danger" role="alert">
          {messageOf(saving.error)}
        </Note>
      )}
      <div className="form-grid">
        <Field
          label={t("details.display-name")}
          value={displayName}
          onChange={setDisplayName}
          error={about("display_name")}
          hint={t("details.display-name.hint")}
        />
        <Field label={t("details.name")} value={mailbox.name} isReadOnly isDisabled hint={t("details.name.hint")} />
        <Choice
          label={t("details.sent-copy")}
          value={sentCopy}
          onChange={setSentCopy}
          options={[
            ["mailbox", t("sent-copy.mailbox")],
            ["sender", t("sent-copy.sender")],
            ["both", t("sent-copy.both")],
          ]}
          hint={t("details.sent-copy.hint")}
        />
        <Choice
          label={t("details.seen")}
          value={seen}
          onChange={setSeen}
          options={[
            ["shared", t("seen.shared")],
            ["personal", t("seen.personal")],
          ]}
          hint={t("details.seen.hint")}
        />
        <Field
          label={t("details.quota")}
          value={quota}
          onChange={setQuota}
          inputMode="decimal"
          isDisabled={!isAdmin}
          error={octets === undefined ? t("details.quota.wrong") : about("quota")}
          hint={t("details.quota.hint")}
        />
      </div>
      <div className="form-end">
        <Button type="submit" look="primary" isDisabled={saving.isPending || octets === undefined}>
          {t("action.save")}
        </Button>
      </div>
    </form>
  );
}

function Remove({ mailbox }: { mailbox: Mailbox }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const removing = useChange(
    () => answer(api.DELETE("/mailboxes/{mailbox}", { params: { path: { mailbox: mailbox.name } } })),
    () => {
      say(t("details.deleted", { name: mailbox.display_name }));
      void navigate({ to: "/console/mailboxes" });
    },
  );
  return (
    <section className="panel">
      <h2>{t("details.delete")}</h2>
      <p>{t("details.delete.text")}</p>
      <Button look="danger" onPress={() => setAsking(true)}>
        {t("details.delete")}
      </Button>
      <Confirm
        title={t("details.delete.sure", { name: mailbox.display_name })}
        text={t("details.delete.text")}
        action={t("details.delete")}
        isDanger
        isOpen={asking}
        isBusy={removing.isPending}
        error={removing.error ? messageOf(removing.error) : undefined}
        onClose={() => {
          setAsking(false);
          removing.reset();
        }}
        onConfirm={() => removing.mutate(undefined)}
      />
    </section>
  );
}
