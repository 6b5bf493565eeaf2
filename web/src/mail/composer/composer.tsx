//! Writes a mail. It is saved while it is typed; nothing typed is ever thrown away without asking.

import { EditorContent, useEditor } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { useCallback, useEffect, useRef, useState } from "react";
import { upload } from "../../jmap/client";
import type { Address } from "../../jmap/types";
import { size, t } from "../../text";
import { Button, IconButton } from "../../ui/button";
import { Icon } from "../../ui/icons";
import { messageOf, Note } from "../../ui/note";
import { say } from "../../ui/toasts";
import { useJmap } from "../queries";
import type { Attachment, Draft, Sender } from "./draft";
import { EditorBar } from "./editor-bar";
import { closeComposer, type Opened } from "./open";
import { RecipientsField } from "./recipients-field";
import { discard, type Saved, save, send } from "./saving";
import { leaks, useSenders, usual } from "./senders";

const SAVE_AFTER = 1_200;

type State = { is: "clean" | "typing" | "saving" | "saved" | "sending" } | { is: "failed"; why: string };

/** What recipients will see of who sent it. */
function sendsAs({ identity, isPersonal }: Sender): string {
  if (identity.sendsAs === "behalf") return t("compose.on-behalf", { name: identity.name });
  return identity.sendsAs === "own" || (identity.sendsAs === undefined && isPersonal)
    ? t("compose.as-yourself")
    : t("compose.as-mailbox", { name: identity.name });
}

export default function Composer({ opened }: { opened: Opened }) {
  const session = useJmap();
  const senders = useSenders(opened.accountId);
  const [picked, setPicked] = useState(opened.savedFrom);
  const from =
    senders.find((sender) => sender.identity.email === picked) ??
    usual(senders, opened.accountId, opened.answersFrom ?? []);
  const [draft, setDraft] = useState(opened.draft);
  const [rests, setRests] = useState({ to: "", cc: "", bcc: "" });
  const [showsCc, setShowsCc] = useState(opened.draft.cc.length > 0 || opened.draft.bcc.length > 0);
  const [state, setState] = useState<State>({ is: "clean" });
  const [problem, setProblem] = useState<string>();
  const saved = useRef<Saved | undefined>(
    opened.savedId ? { id: opened.savedId, accountId: opened.accountId } : undefined,
  );
  const running = useRef<Promise<unknown>>(Promise.resolve());
  const latest = useRef({ draft, from });
  latest.current = { draft, from };

  const change = useCallback((part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setState({ is: "typing" });
    setProblem(undefined);
  }, []);

  const editor = useEditor({
    extensions: [StarterKit.configure({ link: { openOnClick: false, autolink: true } })],
    content: opened.draft.html,
    injectCSS: false,
    autofocus: opened.draft.to.length > 0 ? "start" : false,
    editorProps: {
      attributes: { "aria-label": t("compose.body"), class: "editor", role: "textbox", "aria-multiline": "true" },
    },
    onUpdate: ({ editor: now }) => change({ html: now.getHTML(), text: now.getText({ blockSeparator: "\n" }) }),
  });

  /** Saves what there is now, after any save before it. */
  const saveNow = useCallback((): Promise<Saved> => {
    const next = running.current
      .catch(() => undefined)
      .then(async () => {
        const { draft: now, from: sender } = latest.current;
        if (!sender) throw new Error(t("compose.no-sender"));
        saved.current = await save(session, now, sender, saved.current);
        return saved.current;
      });
    running.current = next;
    return next;
  }, [session]);

  useEffect(() => {
    if (state.is !== "typing") return;
    const timer = setTimeout(() => {
      setState({ is: "saving" });
      saveNow().then(
        () => setState((now) => (now.is === "saving" ? { is: "saved" } : now)),
        (error: unknown) => setState({ is: "failed", why: messageOf(error) }),
      );
    }, SAVE_AFTER);
    return () => clearTimeout(timer);
    // Each change sets the state anew, which starts the wait again.
  }, [state, saveNow]);

  useEffect(() => {
    if (state.is === "clean" || state.is === "saved") return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [state.is]);

  const uploading = draft.attachments.some((one) => one.blobId === undefined && one.error === undefined);

  function attach(files: Iterable<File>) {
    if (!from) return;
    const { accountId } = from;
    for (const file of files) {
      const key = Math.random();
      const update = (part: Partial<Attachment>) =>
        setDraft((before) => ({
          ...before,
          attachments: before.attachments.map((one) => (one.key === key ? { ...one, ...part } : one)),
        }));
      const added: Attachment = { key, name: file.name, type: file.type, size: file.size, progress: 0 };
      setDraft((before) => ({ ...before, attachments: [...before.attachments, added] }));
      upload(session, accountId, file, (progress) => update({ progress })).then(
        ({ blobId }) => {
          update({ blobId, progress: 1 });
          setState({ is: "typing" });
        },
        (error: unknown) => update({ error: messageOf(error) }),
      );
    }
  }

  async function close() {
    if (state.is === "typing" || state.is === "saving" || state.is === "failed") {
      try {
        await saveNow();
      } catch (error) {
        setState({ is: "failed", why: messageOf(error) });
        return;
      }
    }
    if (saved.current && state.is !== "clean") say(t("compose.kept"));
    closeComposer();
  }

  async function throwAway() {
    try {
      await running.current.catch(() => undefined);
      if (saved.current) await discard(session, saved.current);
      closeComposer();
      say(t("compose.discarded"));
    } catch (error) {
      setProblem(messageOf(error));
    }
  }

  async function sendNow() {
    const typed = Object.values(rests).filter((rest) => rest.trim() !== "");
    if (typed.length > 0) return setProblem(t("compose.not-addresses", { text: typed.join(", ") }));
    if (draft.to.length + draft.cc.length + draft.bcc.length === 0) return setProblem(t("compose.nobody"));
    if (!from) return setProblem(t("compose.no-sender"));
    if (draft.attachments.some((one) => one.error)) return setProblem(t("compose.file-failed"));
    setProblem(undefined);
    setState({ is: "sending" });
    try {
      const ready = await saveNow();
      await send(session, ready, from);
      closeComposer();
      say(t("compose.sent"));
    } catch (error) {
      // The draft stands; whatever was refused, nothing is lost.
      setState({ is: "saved" });
      setProblem(messageOf(error));
    }
  }

  const field = (name: "to" | "cc" | "bcc", label: string, autoFocus = false) => (
    <RecipientsField
      label={label}
      addresses={draft[name]}
      onChange={(addresses: Address[]) => change({ [name]: addresses })}
      rest={rests[name]}
      onRest={(rest) => setRests((before) => ({ ...before, [name]: rest }))}
      autoFocus={autoFocus}
    />
  );

  return (
    <section className="composer" aria-label={t("compose.title")} tabIndex={-1}>
      <header className="composer-head">
        <h2 className="cut">{draft.subject || t("compose.new-message")}</h2>
        <span className="quiet small" role="status">
          {state.is === "failed" ? "" : t(`compose.state.${state.is}`)}
        </span>
        <IconButton icon="trash" tight label={t("compose.discard")} onPress={() => void throwAway()} />
        <IconButton icon="close" tight label={t("compose.close")} onPress={() => void close()} />
      </header>
      <div className="composer-fields">
        <div className="compose-row">
          <label htmlFor="compose-from">{t("compose.from")}</label>
          <select
            id="compose-from"
            value={from?.identity.email ?? ""}
            onChange={(event) => {
              setPicked(event.target.value);
              setState({ is: "typing" });
            }}
          >
            {senders.map((sender) => (
              <option key={sender.identity.email} value={sender.identity.email}>
                {`${sender.identity.name} <${sender.identity.email}>`}
              </option>
            ))}
          </select>
        </div>
        {field("to", t("mail.field.to"), draft.to.length === 0)}
        {showsCc ? (
          <>
            {field("cc", t("mail.field.cc"))}
            {field("bcc", t("mail.field.bcc"))}
          </>
        ) : (
          <button type="button" className="show-cc" onClick={() => setShowsCc(true)}>
            {t("compose.show-cc")}
          </button>
        )}
        <div className="compose-row">
          <label htmlFor="compose-subject">{t("mail.field.subject")}</label>
          <input
            id="compose-subject"
            value={draft.subject}
            onChange={(event) => change({ subject: event.target.value })}
          />
        </div>
      </div>
      {from && <p className="sends-as quiet small">{sendsAs(from)}</p>}
      {leaks(from, opened.accountId, senders) && (
        <Note tone="warn" role="alert">
          {t("compose.leaks", { address: from?.identity.email ?? "" })}
        </Note>
      )}
      {(problem ?? (state.is === "failed" ? state.why : undefined)) && (
        <Note tone="danger" role="alert">
          {problem ?? (state.is === "failed" ? t("compose.not-saved", { why: state.why }) : "")}
          {state.is === "failed" && (
            <Button tight look="plain" onPress={() => setState({ is: "typing" })}>
              {t("action.retry")}
            </Button>
          )}
        </Note>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped anywhere on the text; the button does the same */}
      <div
        className="composer-text"
        onDragOver={(event) => event.dataTransfer.types.includes("Files") && event.preventDefault()}
        onDrop={(event) => {
          if (event.dataTransfer.files.length === 0) return;
          event.preventDefault();
          attach(event.dataTransfer.files);
        }}
      >
        <EditorContent editor={editor} />
      </div>
      {draft.attachments.length > 0 && (
        <ul className="files composer-files" aria-label={t("mail.files")}>
          {draft.attachments.map((one) => (
            <li key={one.key} className="file">
              <Icon name="clip" />
              <span className="cut">{one.name}</span>
              <span className={one.error ? "error" : "quiet small"}>
                {one.error ??
                  (one.blobId ? size(one.size) : t("compose.uploading", { percent: Math.round(one.progress * 100) }))}
              </span>
              <IconButton
                icon="close"
                tight
                label={t("compose.remove-file", { name: one.name })}
                onPress={() => change({ attachments: draft.attachments.filter((other) => other.key !== one.key) })}
              />
            </li>
          ))}
        </ul>
      )}
      <footer className="composer-foot">
        <Button
          look="primary"
          icon="sent"
          isDisabled={state.is === "sending" || uploading}
          onPress={() => void sendNow()}
        >
          {state.is === "sending" ? t("compose.sending") : t("compose.send")}
        </Button>
        <label className="button plain icon-only" title={t("compose.attach")}>
          <Icon name="clip" />
          <span className="only-read">{t("compose.attach")}</span>
          <input
            type="file"
            multiple
            className="only-read"
            onChange={(event) => {
              attach(event.target.files ?? []);
              event.target.value = "";
            }}
          />
        </label>
        {editor && <EditorBar editor={editor} />}
      </footer>
    </section>
  );
}
