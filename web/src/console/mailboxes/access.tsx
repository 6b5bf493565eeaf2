//! Access: the grants on the mailbox, and what each person can do by them and why.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { useSession } from "../../api/session";
import { t } from "../../text";
import { Avatar } from "../../ui/avatar";
import { Button, IconButton } from "../../ui/button";
import { Icon } from "../../ui/icons";
import { Empty, Failed, Loading, messageOf, Note } from "../../ui/note";
import { say } from "../../ui/toasts";
import { foldersQuery, type Grant, grantsQuery, peopleQuery, useChange, usersQuery } from "../queries";
import { presetLabel, usePresetOf } from "../rights-picker";
import { GrantDialog } from "./grant-dialog";
import { useMailboxName } from "./mailbox";
import { Why } from "./why";

export function Access() {
  const name = useMailboxName();
  const isAdmin = useSession().privilege === "admin";
  const { data: grants, error, refetch } = useQuery(grantsQuery(name));
  const { data: people = [] } = useQuery(peopleQuery(name));
  const { data: folders = [] } = useQuery(foldersQuery(name));
  const { data: users = [] } = useQuery({ ...usersQuery, enabled: isAdmin });
  const presetOf = usePresetOf();
  const [editing, setEditing] = useState<Grant | "new">();
  const [asking, setAsking] = useState<string>();
  const removing = useChange(
    (grant: Grant) =>
      answer(
        api.DELETE("/grants", {
          params: {
            query: {
              mailbox: name,
              ...(grant.user ? { user: grant.user } : {}),
              ...(grant.role ? { role: grant.role } : {}),
              ...(typeof grant.folder === "number" ? { folder: grant.folder } : {}),
            },
          },
        }),
      ),
    (_, grant) =>
      say(t("access.removed"), {
        label: t("action.undo"),
        run: () => restore.mutate(grant),
      }),
  );
  const restore = useChange(({ user, role, folder, rights, automap }: Grant) =>
    answer(
      api.PUT("/grants", {
        body: {
          mailbox: name,
          rights,
          automap,
          ...(user ? { user } : {}),
          ...(role ? { role } : {}),
          folder: folder ?? null,
        },
      }),
    ),
  );

  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!grants) return <Loading />;
  const nameOf = (grant: Grant) =>
    grant.role ?? users.find((user) => user.name === grant.user)?.display_name ?? grant.user ?? "";
  const folderOf = (grant: Grant) => folders.find((folder) => folder.id === grant.folder)?.path;
  return (
    <>
      <div className="page-head">
        <p>{t("access.about")}</p>
        <Button look="primary" icon="plus" onPress={() => setEditing("new")}>
          {t("access.grant")}
        </Button>
      </div>
      {removing.error && (
        <Note tone="danger" role="alert">
          {messageOf(removing.error)}
        </Note>
      )}
      {grants.length === 0 ? (
        <Empty icon="people" title={t("access.none")}>
          <p>{t("access.none.text")}</p>
        </Empty>
      ) : (
        <div className="table-frame">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t("access.column.who")}</th>
                <th scope="col">{t("access.column.rights")}</th>
                <th scope="col">{t("access.column.where")}</th>
                <th scope="col">
                  <span className="only-read">{t("column.actions")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {grants.map((grant) => {
                const preset = presetOf(grant.rights);
                return (
                  <tr key={`${grant.user} ${grant.role} ${grant.folder}`}>
                    <th scope="row">
                      <span className="row">
                        {grant.role ? <Icon name="role" /> : <Avatar name={nameOf(grant)} small />}
                        {nameOf(grant)}
                      </span>
                    </th>
                    <td>
                      {preset ? (
                        <span className="tag accent">{presetLabel(preset)}</span>
                      ) : (
                        <span className="quiet small">{grant.rights.join(", ")}</span>
                      )}
                    </td>
                    <td className="quiet">
                      {typeof grant.folder === "number"
                        ? t("access.in-folder", { folder: folderOf(grant) ?? String(grant.folder) })
                        : t("access.whole")}
                      {!grant.automap && <> · {t("access.no-automap")}</>}
                    </td>
                    <td className="end">
                      <IconButton
                        icon="draft"
                        tight
                        label={t("access.edit", { name: nameOf(grant) })}
                        onPress={() => setEditing(grant)}
                      />
                      <IconButton
                        icon="trash"
                        tight
                        label={t("access.remove", { name: nameOf(grant) })}
                        onPress={() => removing.mutate(grant)}
                      />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      <section className="panel">
        <h2>{t("access.people")}</h2>
        <p>{t("access.people.text")}</p>
        {people.length === 0 ? (
          <p className="quiet">{t("access.people.none")}</p>
        ) : (
          <ul className="people-list">
            {people.map((person) => {
              const preset = presetOf(person.rights);
              return (
                <li key={person.name} className="row">
                  <Avatar name={person.display_name} small />
                  <span className="grow">
                    {person.display_name}{" "}
                    <span className="quiet small">
                      {preset ? presetLabel(preset) : t("access.rights-count", { count: person.rights.length })} ·{" "}
                      {person.from.join(", ")}
                    </span>
                  </span>
                  <Button tight look="plain" onPress={() => setAsking(person.name)}>
                    {t("access.why")}
                  </Button>
                </li>
              );
            })}
          </ul>
        )}
        {isAdmin && (
          <div className="row ask-why">
            <Button tight icon="role" onPress={() => setAsking("")}>
              {t("access.ask")}
            </Button>
          </div>
        )}
      </section>
      {editing && (
        <GrantDialog
          mailbox={name}
          grant={editing === "new" ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
      {asking !== undefined && <Why mailbox={name} user={asking} onClose={() => setAsking(undefined)} />}
    </>
  );
}
