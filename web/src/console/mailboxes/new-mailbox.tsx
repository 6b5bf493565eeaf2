//! "New shared mailbox" is one form: name, address, who, with which rights. Saving makes the mailbox, then the grants;
//! where one of them is refused, the mailbox stands and the form says what is left to do.

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { answer, api, Refusal } from "../../api/client";
import { t } from "../../text";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { messageOf, Note } from "../../ui/note";
import { say } from "../../ui/toasts";
import { type Candidate, PeoplePicker } from "../people-picker";
import { domainsQuery, type Right, rightsQuery, rolesQuery, useChange, usersQuery } from "../queries";
import { RightsPicker } from "../rights-picker";

/** `Customer Support` → `customer-support`. */
export function nameOf(displayName: string): string {
  return displayName
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+|-+$/g, "")
    .slice(0, 64);
}

/** One address a line, or with commas between. */
export function addressesIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

const ROLE = "role:";

export function candidatesOf(
  users: readonly { name: string; display_name: string; addresses: readonly string[] }[],
  roles: readonly { id: string; members: readonly string[] }[],
): Candidate[] {
  return [
    ...users.map((user) => ({ id: user.name, name: user.display_name, detail: user.addresses[0] ?? user.name })),
    ...roles.map((role) => ({
      id: `${ROLE}${role.id}`,
      name: role.id,
      detail: t("roles.count", { count: role.members.length }),
      isRole: true,
    })),
  ];
}

/** What a picked candidate is to the API. */
export function granteeOf(id: string): { user: string } | { role: string } {
  return id.startsWith(ROLE) ? { role: id.slice(ROLE.length) } : { user: id };
}

interface Wanted {
  name: string;
  display_name: string;
  addresses: string[];
  who: string[];
  rights: Right[];
}

async function make(wanted: Wanted): Promise<{ notes: string[]; refused: string[] }> {
  const { name, display_name, addresses } = wanted;
  const made = await answer(api.POST("/mailboxes", { body: { name, display_name, addresses } }));
  const refused: string[] = [];
  for (const id of wanted.who) {
    try {
      await answer(
        api.PUT("/grants", { body: { mailbox: name, rights: wanted.rights, automap: true, ...granteeOf(id) } }),
      );
    } catch (error) {
      refused.push(messageOf(error));
    }
  }
  return { notes: made.notes, refused };
}

export function NewMailbox({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog title={t("new-mailbox.title")} isOpen={isOpen} onClose={onClose} isWide isDirty>
      <Form onClose={onClose} />
    </Dialog>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const { data: users = [] } = useQuery(usersQuery);
  const { data: roles = [] } = useQuery(rolesQuery);
  const { data: domains = [] } = useQuery(domainsQuery);
  const { data: known } = useQuery(rightsQuery);
  const [displayName, setDisplayName] = useState("");
  const [ownName, setOwnName] = useState<string>();
  const [ownAddresses, setOwnAddresses] = useState<string>();
  const [who, setWho] = useState<string[]>([]);
  const [ownRights, setOwnRights] = useState<Right[]>();

  const name = ownName ?? nameOf(displayName);
  const domain = domains[0]?.name;
  const addresses = ownAddresses ?? (name && domain ? `${name}@${domain}` : "");
  const rights = ownRights ?? known?.presets.find((preset) => preset.name === "agent")?.rights ?? [];

  const creating = useChange(make, ({ notes, refused }, wanted) => {
    for (const note of [...notes, ...refused]) say(note);
    if (refused.length === 0) say(t("new-mailbox.made", { name: wanted.display_name || wanted.name }));
    onClose();
    void navigate({ to: "/console/mailboxes/$name/access", params: { name: wanted.name } });
  });
  const refusal = creating.error instanceof Refusal ? creating.error : undefined;
  const about = (field: string) => (refusal?.field === field ? refusal.message : undefined);

  function submit(event: FormEvent) {
    event.preventDefault();
    creating.mutate({
      name,
      display_name: displayName.trim(),
      addresses: addressesIn(addresses),
      who,
      rights: [...rights],
    });
  }

  return (
    <form onSubmit={submit}>
      <div className="body stack">
        {creating.error && !["name", "display_name", "addresses"].includes(refusal?.field ?? "") && (
          <Note tone="danger" role="alert">
            {messageOf(creating.error)}
          </Note>
        )}
        <div className="form-grid">
          <Field
            label={t("new-mailbox.display-name")}
            value={displayName}
            onChange={setDisplayName}
            error={about("display_name")}
            hint={t("new-mailbox.display-name.hint")}
            autoFocus
          />
          <Field
            label={t("new-mailbox.name")}
            value={name}
            onChange={setOwnName}
            error={about("name")}
            hint={t("new-mailbox.name.hint")}
            spellCheck="false"
          />
          <div className="whole">
            <Field
              label={t("new-mailbox.addresses")}
              value={addresses}
              onChange={setOwnAddresses}
              error={about("addresses")}
              hint={
                domains.length === 0
                  ? t("new-mailbox.no-domain")
                  : t("new-mailbox.addresses.hint", { domains: domains.map((one) => one.name).join(", ") })
              }
              spellCheck="false"
            />
          </div>
          <div className="whole">
            <PeoplePicker
              label={t("new-mailbox.who")}
              hint={t("new-mailbox.who.hint")}
              candidates={candidatesOf(
                users,
                roles.filter((role) => role.type === "security"),
              )}
              picked={who}
              onChange={setWho}
            />
          </div>
          <div className="whole field">
            <span className="label">{t("new-mailbox.rights")}</span>
            <RightsPicker rights={rights} onChange={setOwnRights} />
          </div>
        </div>
      </div>
      <footer>
        <Button onPress={onClose}>{t("action.cancel")}</Button>
        <Button type="submit" look="primary" isDisabled={creating.isPending || name === ""}>
          {t("new-mailbox.action")}
        </Button>
      </footer>
    </form>
  );
}
