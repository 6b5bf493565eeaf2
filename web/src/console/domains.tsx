//! Domains: what addresses may end in.

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api } from "../api/client";
import { t } from "../text";
import { Button, IconButton } from "../ui/button";
import { Field } from "../ui/field";
import { Empty, Failed, Loading, messageOf, Note } from "../ui/note";
import { say } from "../ui/toasts";
import { PageHead } from "./page-head";
import { domainsQuery, useChange } from "./queries";

export function Domains() {
  const { data, error, refetch } = useQuery(domainsQuery);
  const [name, setName] = useState("");
  const adding = useChange(
    (domain: string) => answer(api.POST("/domains", { body: { name: domain } })),
    () => setName(""),
  );
  const removing = useChange(
    (domain: string) => answer(api.DELETE("/domains/{domain}", { params: { path: { domain } } })),
    (_, domain) => say(t("domains.removed", { name: domain })),
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    if (name.trim() !== "") adding.mutate(name.trim());
  }
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  return (
    <>
      <PageHead title={t("domains.title")} text={t("domains.about")} />
      <div className="stack">
        {removing.error && (
          <Note tone="danger" role="alert">
            {messageOf(removing.error)}
          </Note>
        )}
        {data.length === 0 ? (
          <Empty icon="globe" title={t("domains.none")} />
        ) : (
          <div className="table-frame">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t("domains.column.name")}</th>
                  <th scope="col" className="number">
                    {t("domains.column.addresses")}
                  </th>
                  <th scope="col">
                    <span className="only-read">{t("column.actions")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.map((domain) => (
                  <tr key={domain.name}>
                    <th scope="row">{domain.name}</th>
                    <td className="number">{domain.addresses}</td>
                    <td className="end">
                      <IconButton
                        icon="trash"
                        tight
                        label={t("domains.remove", { name: domain.name })}
                        onPress={() => removing.mutate(domain.name)}
                      />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <form className="row" onSubmit={submit}>
          <Field
            label={t("domains.new")}
            value={name}
            onChange={setName}
            placeholder="example.org"
            spellCheck="false"
            error={adding.error ? messageOf(adding.error) : undefined}
          />
          <span className="form-beside">
            <Button type="submit" icon="plus" isDisabled={adding.isPending}>
              {t("domains.add")}
            </Button>
          </span>
        </form>
      </div>
    </>
  );
}
