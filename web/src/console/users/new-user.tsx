//! A new person, with a mailbox of their own.

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { answer, api, Refusal, type Schemas } from "../../api/client";
import { t } from "../../text";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Choice, Field } from "../../ui/field";
import { messageOf, Note } from "../../ui/note";
import { addressesIn, nameOf } from "../mailboxes/new-mailbox";
import { domainsQuery, useChange } from "../queries";

const FIELDS = ["name", "display_name", "addresses", "password"];

export function NewUser({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog title={t("users.new")} isOpen={isOpen} onClose={onClose} isDirty>
      <Form onClose={onClose} />
    </Dialog>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const { data: domains = [] } = useQuery(domainsQuery);
  const [displayName, setDisplayName] = useState("");
  const [ownName, setOwnName] = useState<string>();
  const [ownAddresses, setOwnAddresses] = useState<string>();
  const [password, setPassword] = useState("");
  const [privilege, setPrivilege] = useState<Schemas["Privilege"]>("user");
  const first = displayName.trim().split(/\s+/)[0] ?? "";
  const name = ownName ?? nameOf(first);
  const domain = domains[0]?.name;
  const addresses = ownAddresses ?? (name && domain ? `${name}@${domain}` : "");
  const making = useChange(
    (body: Schemas["NewUser"]) => answer(api.POST("/users", { body })),
    (user) => {
      onClose();
      void navigate({ to: "/console/users/$name", params: { name: user.name } });
    },
  );
  const refusal = making.error instanceof Refusal ? making.error : undefined;
  const about = (field: string) => (refusal?.field === field ? refusal.message : undefined);
  function submit(event: FormEvent) {
    event.preventDefault();
    making.mutate({
      name,
      display_name: displayName.trim(),
      addresses: addressesIn(addresses),
      privilege,
      ...(password === "" ? {} : { password }),
    });
  }
  return (
    <form onSubmit={submit}>
      <div className="body stack">
        {making.error && !FIELDS.includes(refusal?.field ?? "") && (
          <Note tone="danger" role="alert">
            {messageOf(making.error)}
          </Note>
        )}
        <Field
          label={t("users.display-name")}
          value={displayName}
          onChange={setDisplayName}
          error={about("display_name")}
          autoFocus
        />
        <Field
          label={t("users.name")}
          value={name}
          onChange={setOwnName}
          error={about("name")}
          hint={t("users.name.hint")}
          spellCheck="false"
        />
        <Field
          label={t("users.addresses")}
          value={addresses}
          onChange={setOwnAddresses}
          error={about("addresses")}
          hint={t("users.addresses.hint")}
          spellCheck="false"
        />
        <Field
          label={t("users.password")}
          type="password"
          value={password}
          onChange={setPassword}
          error={about("password")}
          autoComplete="new-password"
          hint={t("users.password.hint")}
        />
        <Choice
          label={t("users.privilege")}
          value={privilege}
          onChange={setPrivilege}
          options={[
            ["user", t("privilege.user")],
            ["admin", t("privilege.admin")],
          ]}
          hint={t("users.privilege.hint")}
        />
      </div>
      <footer>
        <Button onPress={onClose}>{t("action.cancel")}</Button>
        <Button type="submit" look="primary" isDisabled={making.isPending || name === ""}>
          {t("users.action")}
        </Button>
      </footer>
    </form>
  );
}
