//! One role: who is in it, and which mailboxes it reaches.

import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { answer, api, type Schemas } from "../../api/client";
import { t } from "../../text";
import { Button } from "../../ui/button";
import { Confirm } from "../../ui/dialog";
import { Choice, Field } from "../../ui/field";
import { Failed, Loading, messageOf, Note } from "../../ui/note";
import { say } from "../../ui/toasts";
import { candidatesOf } from "../mailboxes/new-mailbox";
import { PageHead } from "../page-head";
import { PeoplePicker } from "../people-picker";
import { grantsQuery, type Role, roleQuery, useChange, usersQuery } from "../queries";
import { presetLabel, usePresetOf } from "../rights-picker";

export function RoleScreen() {
  const { id } = useParams({ from: "/inside/console/roles/$id" });
  const { data: role, error, refetch } = useQuery(roleQuery(id));
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!role) return <Loading />;
  return (
    <>
      <PageHead title={role.id} crumb={<Link to="/console/roles">{t("roles.title")}</Link>} text={role.description} />
      <Form key={JSON.stringify(role)} role={role} />
      <Reach role={role} />
      {role.made_by === "administrator" && <Remove role={role} />}
    </>
  );
}

function Form({ role }: { role: Role }) {
  const { data: users = [] } = useQuery(usersQuery);
  const isOurs = role.made_by === "administrator";
  const [description, setDescription] = useState(role.description);
  const [members, setMembers] = useState(role.members);
  const [privilege, setPrivilege] = useState(role.privilege);
  const [type, setType] = useState(role.type);
  const saving = useChange(
    (body: Schemas["RoleChange"]) => answer(api.PATCH("/roles/{role}", { params: { path: { role: role.id } }, body })),
    () => say(t("state.saved")),
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    saving.mutate(isOurs ? { description, members, privilege, type } : { members });
  }
  return (
    <form className="panel stack" onSubmit={submit}>
      {saving.error && (
        <Note tone="danger" role="alert">
          {messageOf(saving.error)}
        </Note>
      )}
      {!isOurs && <Note>{t("roles.system")}</Note>}
      <PeoplePicker
        label={t("roles.members")}
        candidates={candidatesOf(users, [])}
        picked={members}
        onChange={setMembers}
      />
      <Field label={t("roles.description")} value={description} onChange={setDescription} isDisabled={!isOurs} />
      <div className="form-grid">
        <Choice
          label={t("roles.type")}
          value={type}
          onChange={setType}
          isDisabled={!isOurs}
          options={[
            ["security", t("role-type.security")],
            ["assignment", t("role-type.assignment")],
          ]}
          hint={t("roles.type.hint")}
        />
        <Choice
          label={t("users.privilege")}
          value={privilege}
          onChange={setPrivilege}
          isDisabled={!isOurs}
          options={[
            ["user", t("privilege.user")],
            ["admin", t("privilege.admin")],
          ]}
          hint={t("roles.privilege.hint")}
        />
      </div>
      <div className="form-end">
        <Button type="submit" look="primary" isDisabled={saving.isPending}>
          {t("action.save")}
        </Button>
      </div>
    </form>
  );
}

function Reach({ role }: { role: Role }) {
  const { data: grants = [] } = useQuery(grantsQuery());
  const presetOf = usePresetOf();
  const theirs = grants.filter((grant) => grant.role === role.id);
  return (
    <section className="panel">
      <h2>{t("roles.reach")}</h2>
      <p>{t("roles.reach.text")}</p>
      {theirs.length === 0 ? (
        <p className="quiet">{t("users.reach.none")}</p>
      ) : (
        <ul className="people-list">
          {theirs.map((grant) => {
            const preset = presetOf(grant.rights);
            return (
              <li key={`${grant.mailbox} ${grant.folder}`}>
                <Link to="/console/mailboxes/$name/access" params={{ name: grant.mailbox }}>
                  {grant.mailbox}
                </Link>{" "}
                <span className="quiet">
                  {preset ? presetLabel(preset) : t("access.rights-count", { count: grant.rights.length })}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

function Remove({ role }: { role: Role }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const removing = useChange(
    () => answer(api.DELETE("/roles/{role}", { params: { path: { role: role.id } } })),
    () => {
      say(t("details.deleted", { name: role.id }));
      void navigate({ to: "/console/roles" });
    },
  );
  return (
    <section className="panel">
      <h2>{t("roles.delete")}</h2>
      <p>{t("roles.delete.text")}</p>
      <Button look="danger" onPress={() => setAsking(true)}>
        {t("roles.delete")}
      </Button>
      <Confirm
        title={t("details.delete.sure", { name: role.id })}
        text={t("roles.delete.text")}
        action={t("roles.delete")}
        isDanger
        isOpen={asking}
        isBusy={removing.isPending}
        error={removing.error ? messageOf(removing.error) : undefined}
        onClose={() => setAsking(false)}
        onConfirm={() => removing.mutate(undefined)}
      />
    </section>
  );
}
