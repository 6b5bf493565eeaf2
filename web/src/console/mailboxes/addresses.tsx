//! Addresses: the first is the one that mail is sent from.

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api } from "../../api/client";
import { useSession } from "../../api/session";
import { t } from "../../text";
import { Button, IconButton } from "../../ui/button";
import { Field } from "../../ui/field";
import { messageOf, Note } from "../../ui/note";
import { say } from "../../ui/toasts";
import { mailboxQuery, useChange } from "../queries";
import { useMailboxName } from "./mailbox";

export function Addresses() {
  const name = useMailboxName();
  const { data: mailbox } = useQuery(mailboxQuery(name));
  const isAdmin = useSession().privilege === "admin";
  const [added, setAdded] = useState("");
  const saving = useChange(
    (addresses: string[]) =>
      answer(api.PATCH("/mailboxes/{mailbox}", { params: { path: { mailbox: name } }, body: { addresses } })),
    () => {
      setAdded("");
      say(t("state.saved"));
    },
  );
  if (!mailbox) return null;
  const { addresses } = mailbox;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (added.trim() !== "") saving.mutate([...addresses, added.trim()]);
  }

  return (
    <div className="stack">
      {addresses.length > 0 && (
        <div className="table-frame">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t("addresses.column.address")}</th>
                {isAdmin && (
                  <th scope="col">
                    <span className="only-read">{t("column.actions")}</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {addresses.map((address, at) => (
                <tr key={address}>
                  <th scope="row">
                    <span className="row">
                      {address}
                      {at === 0 && <span className="tag accent">{t("addresses.default")}</span>}
                    </span>
                  </th>
                  {isAdmin && (
                    <td className="end">
                      {at > 0 && (
                        <Button
                          tight
                          look="plain"
                          onPress={() => saving.mutate([address, ...addresses.filter((one) => one !== address)])}
                        >
                          {t("addresses.make-default")}
                        </Button>
                      )}
                      <IconButton
                        icon="trash"
                        tight
                        label={t("addresses.remove", { address })}
                        onPress={() => saving.mutate(addresses.filter((one) => one !== address))}
                      />
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {addresses.length === 0 && <Note>{t("mailbox.no-address")}</Note>}
      {saving.error && (
        <Note tone="danger" role="alert">
          {messageOf(saving.error)}
        </Note>
      )}
      {isAdmin ? (
        <form className="row" onSubmit={submit}>
          <Field
            label={t("addresses.new")}
            value={added}
            onChange={setAdded}
            type="email"
            placeholder="name@example.org"
          />
          <span className="form-beside">
            <Button type="submit" icon="plus" isDisabled={saving.isPending}>
              {t("addresses.add")}
            </Button>
          </span>
        </form>
      ) : (
        <p className="hint">{t("addresses.admin-only")}</p>
      )}
    </div>
  );
}
