//! One grant: who, which rights, where, and whether the mailbox appears by itself.

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api } from "../../api/client";
import { useSession } from "../../api/session";
import { t } from "../../text";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Check, Choice, Field } from "../../ui/field";
import { messageOf, Note } from "../../ui/note";
import { say } from "../../ui/toasts";
import { PeoplePicker } from "../people-picker";
import { foldersQuery, type Grant, type Right, rightsQuery, rolesQuery, useChange, usersQuery } from "../queries";
import { RightsPicker } from "../rights-picker";
import { candidatesOf, granteeOf } from "./new-mailbox";

const WHOLE = "whole";

export function GrantDialog({
  mailbox,
  grant,
  onClose,
}: {
  mailbox: string;
  grant: Grant | undefined;
  onClose: () => void;
}) {
  const isAdmin = useSession().privilege === "admin";
  const { data: users = [] } = useQuery({ ...usersQuery, enabled: isAdmin });
  const { data: roles = [] } = useQuery({ ...rolesQuery, enabled: isAdmin });
  const { data: folders = [] } = useQuery(foldersQuery(mailbox));
  const { data: known } = useQuery(rightsQuery);
  const [who, setWho] = useState<string[]>([]);
  const [typed, setTyped] = useState("");
  const [ownRights, setOwnRights] = useState<Right[] | undefined>(grant?.rights);
  const [automap, setAutomap] = useState(grant?.automap ?? true);
  const [folder, setFolder] = useState(typeof grant?.folder === "number" ? String(grant.folder) : WHOLE);
  const rights = ownRights ?? known?.presets.find((preset) => preset.name === "agent")?.rights ?? [];
  const grantees = grant
    ? [grant.role ? { role: grant.role } : { user: grant.user ?? "" }]
    : isAdmin
      ? who.map(granteeOf)
      : typed.trim() !== ""
        ? [{ user: typed.trim() }]
        : [];

  const saving = useChange(
    async () => {
      for (const grantee of grantees) {
        const where = folder === WHOLE ? null : Number(folder);
        await answer(
          api.PUT("/grants", { body: { mailbox, rights: [...rights], automap, folder: where, ...grantee } }),
        );
      }
    },
    () => {
      say(t("access.saved"));
      onClose();
    },
  );

  function submit(event: FormEvent) {
    event.preventDefault();
    saving.mutate(undefined);
  }

  return (
    <Dialog title={grant ? t("grant.edit") : t("grant.new")} isOpen onClose={onClose} isWide isDirty>
      <form onSubmit={submit}>
        <div className="body stack">
          {saving.error && (
            <Note tone="danger" role="alert">
              {messageOf(saving.error)}
            </Note>
          )}
          {grant ? (
            <p>{t("grant.for", { name: grant.role ?? grant.user ?? "" })}</p>
          ) : isAdmin ? (
            <PeoplePicker
              label={t("grant.who")}
              candidates={candidatesOf(
                users,
                roles.filter((role) => role.type === "security"),
              )}
              picked={who}
              onChange={setWho}
            />
          ) : (
            <Field label={t("grant.login")} value={typed} onChange={setTyped} hint={t("grant.login.hint")} autoFocus />
          )}
          <div className="field">
            <span className="label">{t("new-mailbox.rights")}</span>
            <RightsPicker rights={rights} onChange={setOwnRights} isOpen={grant !== undefined} />
          </div>
          {!grant && (
            <Choice
              label={t("grant.where")}
              value={folder}
              onChange={setFolder}
              options={[[WHOLE, t("access.whole")], ...folders.map((one) => [String(one.id), one.path] as const)]}
              hint={t("grant.where.hint")}
            />
          )}
          <Check isSelected={automap} onChange={setAutomap}>
            {t("grant.automap")}
            <br />
            <span className="hint">{t("grant.automap.hint")}</span>
          </Check>
        </div>
        <footer>
          <Button onPress={onClose}>{t("action.cancel")}</Button>
          <Button
            type="submit"
            look="primary"
            isDisabled={saving.isPending || grantees.length === 0 || rights.length === 0}
          >
            {t("action.save")}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
