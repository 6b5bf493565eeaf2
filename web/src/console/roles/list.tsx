//! Roles: groups of people that carry rights.

import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { answer, api, type Schemas } from "../../api/client";
import { t } from "../../text";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { Empty, Failed, Loading, messageOf, Note } from "../../ui/note";
import { candidatesOf } from "../mailboxes/new-mailbox";
import { PageHead } from "../page-head";
import { PeoplePicker } from "../people-picker";
import { rolesQuery, useChange, usersQuery } from "../queries";

export function Roles() {
  const { data, error, refetch } = useQuery(rolesQuery);
  const [making, setMaking] = useState(false);
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <>
      <PageHead
        title={t("roles.title")}
        text={t("roles.about")}
        action={
          <Button look="primary" icon="plus" onPress={() => setMaking(true)}>
            {t("roles.new")}
          </Button>
        }
      />
      {data.length === 0 ? (
        <Empty icon="role" title={t("roles.none")} />
      ) : (
        <div className="table-frame">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t("roles.column.id")}</th>
                <th scope="col">{t("roles.column.members")}</th>
                <th scope="col">{t("roles.column.privilege")}</th>
              </tr>
            </thead>
            <tbody>
              {data.map((role) => (
                <tr key={role.id}>
                  <th scope="row">
                    <Link to="/console/roles/$id" params={{ id: role.id }}>
                      {role.id}
                    </Link>
                    {role.description && <div className="quiet small">{role.description}</div>}
                  </th>
                  <td className="quiet">{role.members.join(", ")}</td>
                  <td className="quiet">{t(`privilege.${role.privilege}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Dialog title={t("roles.new")} isOpen={making} onClose={() => setMaking(false)} isDirty>
        <NewRole onClose={() => setMaking(false)} />
      </Dialog>
    </>
  );
}

function NewRole({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const { data: users = [] } = useQuery(usersQuery);
  const [id, setId] = useState("");
  const [description, setDescription] = useState("");
  const [members, setMembers] = useState<string[]>([]);
  const making = useChange(
    (body: Schemas["NewRole"]) => answer(api.POST("/roles", { body })),
    (role) => {
      onClose();
      void navigate({ to: "/console/roles/$id", params: { id: role.id } });
    },
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    making.mutate({ id: id.trim(), description, members });
  }
  return (
    <form onSubmit={submit}>
      <div className="body stack">
        {making.error && (
          <Note tone="danger" role="alert">
            {messageOf(making.error)}
          </Note>
        )}
        <Field label={t("roles.id")} value={id} onChange={setId} hint={t("roles.id.hint")} autoFocus />
        <Field label={t("roles.description")} value={description} onChange={setDescription} />
        <PeoplePicker
          label={t("roles.members")}
          candidates={candidatesOf(users, [])}
          picked={members}
          onChange={setMembers}
        />
      </div>
      <footer>
        <Button onPress={onClose}>{t("action.cancel")}</Button>
        <Button type="submit" look="primary" isDisabled={making.isPending || id.trim() === ""}>
          {t("roles.action")}
        </Button>
      </footer>
    </form>
  );
}
