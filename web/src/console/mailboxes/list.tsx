//! All shared mailboxes; for managers those they manage.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useSession } from "../../api/session";
import { t } from "../../text";
import { Avatar } from "../../ui/avatar";
import { Button } from "../../ui/button";
import { Empty, Failed, Loading } from "../../ui/note";
import { PageHead } from "../page-head";
import { mailboxesQuery, planQuery } from "../queries";
import { NewMailbox } from "./new-mailbox";

export function Mailboxes() {
  const isAdmin = useSession().privilege === "admin";
  const { data, error, refetch } = useQuery(mailboxesQuery);
  const [making, setMaking] = useState(false);
  return (
    <>
      <PageHead
        title={t("mailboxes.title")}
        text={t("mailboxes.about")}
        action={
          isAdmin && (
            <Button look="primary" icon="plus" onPress={() => setMaking(true)}>
              {t("mailboxes.new")}
            </Button>
          )
        }
      />
      {isAdmin && <Limits count={data?.filter((one) => one.kind === "shared").length ?? 0} />}
      {error ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Loading />
      ) : data.length === 0 ? (
        <Empty icon="inbox" title={t("mailboxes.none")}>
          <p>{t("mailboxes.none.text")}</p>
        </Empty>
      ) : (
        <div className="table-frame">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t("mailboxes.column.name")}</th>
                <th scope="col">{t("mailboxes.column.addresses")}</th>
                <th scope="col">{t("mailboxes.column.kind")}</th>
              </tr>
            </thead>
            <tbody>
              {data.map((mailbox) => (
                <tr key={mailbox.name}>
                  <th scope="row">
                    <Link to="/console/mailboxes/$name" params={{ name: mailbox.name }} className="row">
                      <Avatar name={mailbox.display_name} square />
                      <span>
                        {mailbox.display_name}
                        <br />
                        <span className="quiet small">{mailbox.name}</span>
                      </span>
                    </Link>
                  </th>
                  <td>
                    {mailbox.addresses.map((address, at) => (
                      <div key={address} className={at === 0 ? "" : "quiet"}>
                        {address}
                      </div>
                    ))}
                  </td>
                  <td className="quiet">{t(`kind.${mailbox.kind}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <NewMailbox isOpen={making} onClose={() => setMaking(false)} />
    </>
  );
}

/** What the plan says about one more. */
function Limits({ count }: { count: number }) {
  const { data } = useQuery(planQuery);
  const limits = data?.shared_mailboxes;
  if (!limits) return null;
  return (
    <p className="quiet small limits">
      {t("mailboxes.limits", { count, included: limits.included, maximum: limits.maximum })}
    </p>
  );
}
