//! One person: details, password, and what they can reach.

import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { answer, api, Refusal, type Schemas } from "../../api/client";
import { t } from "../../text";
import { Button } from "../../ui/button";
import { Confirm } from "../../ui/dialog";
import { Choice, Field } from "../../ui/field";
import { Failed, Loading, messageOf, Note } from "../../ui/note";
import { say } from "../../ui/toasts";
import { quotaIn } from "../mailboxes/details";
import { addressesIn } from "../mailboxes/new-mailbox";
import { PageHead } from "../page-head";
import { grantsQuery, type User, useChange, userQuery } from "../queries";
import { presetLabel, usePresetOf } from "../rights-picker";

const MEGABYTE = 1024 * 1024;
const FIELDS = ["display_name", "addresses", "quota"];

export function UserScreen() {
  const { name } = useParams({ from: "/inside/console/users/$name" });
  const { data: user, error, refetch } = useQuery(userQuery(name));
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!user) return <Loading />;
  return (
    <>
      <PageHead
        title={user.display_name}
        crumb={<Link to="/console/users">{t("users.title")}</Link>}
        text={user.addresses.join(", ")}
      />
      <Form key={JSON.stringify(user)} user={user} />
      <Password name={user.name} />
      <Reach user={user} />
      <Remove user={user} />
    </>
  );
}

function Form({ user }: { user: User }) {
  const [displayName, setDisplayName] = useState(user.display_name);
  const [addresses, setAddresses] = useState(user.addresses.join(", "));
  const [privilege, setPrivilege] = useState(user.privilege);
  const before = typeof user.quota === "number" ? String(user.quota / MEGABYTE) : "";
  const [quota, setQuota] = useState(before);
  const octets = quotaIn(quota);
  const saving = useChange(
    (body: Schemas["UserChange"]) =>
      answer(api.PATCH("/users/{user}", { params: { path: { user: user.name } }, body })),
    () => say(t("state.saved")),
  );
  const refusal = saving.error instanceof Refusal ? saving.error : undefined;
  const about = (field: string) => (refusal?.field === field ? refusal.message : undefined);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (octets === undefined) return;
    const body: Schemas["UserChange"] = { display_name: displayName, addresses: addressesIn(addresses) };
    if (privilege !== user.privilege) body.privilege = privilege;
    if (quota !== before) body.quota = octets;
    saving.mutate(body);
  }
  return (
    <form className="panel" onSubmit={submit}>
      {saving.error && !FIELDS.includes(refusal?.field ?? "") && (
        <Note tone="danger" role="alert">
          {messageOf(saving.error)}
        </Note>
      )}
      <div className="form-grid">
        <Field
          label={t("users.display-name")}
          value={displayName}
          onChange={setDisplayName}
          error={about("display_name")}
        />
        <Field label={t("users.name")} value={user.name} isDisabled isReadOnly hint={t("details.name.hint")} />
        <Field
          label={t("users.addresses")}
          value={addresses}
          onChange={setAddresses}
          error={about("addresses")}
          hint={t("users.addresses.hint")}
          spellCheck="false"
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
        <Field
          label={t("details.quota")}
          value={quota}
          onChange={setQuota}
          inputMode="decimal"
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

function Password({ name }: { name: string }) {
  const [password, setPassword] = useState("");
  const saving = useChange(
    () => answer(api.PUT("/users/{user}/password", { params: { path: { user: name } }, body: { password } })),
    () => {
      setPassword("");
      say(t("users.password.set"));
    },
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    if (password !== "") saving.mutate(undefined);
  }
  return (
    <form className="panel" onSubmit={submit}>
      <h2>{t("users.password.title")}</h2>
      <p>{t("users.password.text")}</p>
      <div className="row">
        <Field
          label={t("users.password.new")}
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
          error={saving.error ? messageOf(saving.error) : undefined}
        />
        <span className="form-beside">
          <Button type="submit" isDisabled={saving.isPending || password === ""}>
            {t("users.password.action")}
          </Button>
        </span>
      </div>
    </form>
  );
}

function Reach({ user }: { user: User }) {
  const { data: grants = [] } = useQuery(grantsQuery());
  const presetOf = usePresetOf();
  const theirs = grants.filter((grant) => grant.user === user.name || (grant.role && user.roles.includes(grant.role)));
  return (
    <section className="panel">
      <h2>{t("users.reach")}</h2>
      <p>{t("users.reach.text")}</p>
      {theirs.length === 0 ? (
        <p className="quiet">{t("users.reach.none")}</p>
      ) : (
        <ul className="people-list">
          {theirs.map((grant) => {
            const preset = presetOf(grant.rights);
            return (
              <li key={`${grant.mailbox} ${grant.role} ${grant.folder}`}>
                <Link to="/console/mailboxes/$name/access" params={{ name: grant.mailbox }}>
                  {grant.mailbox}
                </Link>{" "}
                <span className="quiet">
                  {preset ? presetLabel(preset) : t("access.rights-count", { count: grant.rights.length })}
                  {grant.role ? ` · ${t("users.reach.role", { role: grant.role })}` : ""}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

function Remove({ user }: { user: User }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const removing = useChange(
    () => answer(api.DELETE("/users/{user}", { params: { path: { user: user.name } } })),
    () => {
      say(t("details.deleted", { name: user.display_name }));
      void navigate({ to: "/console/users" });
    },
  );
  const converting = useChange(
    () =>
      answer(
        api.POST("/mailboxes/{mailbox}/kind", { params: { path: { mailbox: user.name } }, body: { kind: "shared" } }),
      ),
    () => void navigate({ to: "/console/mailboxes/$name/access", params: { name: user.name } }),
  );
  const [converts, setConverts] = useState(false);
  return (
    <section className="panel">
      <h2>{t("users.leaving")}</h2>
      <p>{t("users.leaving.text")}</p>
      <div className="row wrap">
        <Button icon="people" onPress={() => setConverts(true)}>
          {t("users.convert")}
        </Button>
        <Button look="danger" onPress={() => setAsking(true)}>
          {t("users.delete")}
        </Button>
      </div>
      <Confirm
        title={t("users.convert.sure", { name: user.display_name })}
        text={t("users.convert.text")}
        action={t("users.convert")}
        isOpen={converts}
        isBusy={converting.isPending}
        error={converting.error ? messageOf(converting.error) : undefined}
        onClose={() => setConverts(false)}
        onConfirm={() => converting.mutate(undefined)}
      />
      <Confirm
        title={t("details.delete.sure", { name: user.display_name })}
        text={t("users.delete.text")}
        action={t("users.delete")}
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
