//! Why somebody may, or may not.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { t } from "../../text";
import { Dialog } from "../../ui/dialog";
import { Choice } from "../../ui/field";
import { Icon } from "../../ui/icons";
import { Failed, Loading, Note } from "../../ui/note";
import { usersQuery } from "../queries";

export function Why({ mailbox, user, onClose }: { mailbox: string; user: string; onClose: () => void }) {
  const [picked, setPicked] = useState(user);
  const { data: users = [] } = useQuery({ ...usersQuery, enabled: user === "" });
  return (
    <Dialog title={t("why.title")} isOpen onClose={onClose} isWide>
      <div className="body stack">
        {user === "" && (
          <Choice
            label={t("why.who")}
            value={picked}
            onChange={setPicked}
            options={[["", t("why.pick")], ...users.map((one) => [one.name, one.display_name] as const)]}
          />
        )}
        {picked !== "" && <Answer mailbox={mailbox} user={picked} />}
      </div>
    </Dialog>
  );
}

function Answer({ mailbox, user }: { mailbox: string; user: string }) {
  const { data, error } = useQuery({
    queryKey: ["explain", mailbox, user],
    queryFn: () => answer(api.GET("/explain", { params: { query: { mailbox, user } } })),
  });
  if (error) return <Failed error={error} />;
  if (!data) return <Loading />;
  const missing = data.rights.some((line) => line.held !== "whole");
  return (
    <>
      {data.notes.map((note) => (
        <Note key={note}>{note}</Note>
      ))}
      <div className="table-frame why">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t("why.column.right")}</th>
              <th scope="col">{t("why.column.held")}</th>
              <th scope="col">{t("why.column.from")}</th>
            </tr>
          </thead>
          <tbody>
            {data.rights.map((line) => (
              <tr key={line.right}>
                <th scope="row">
                  {line.gives}
                  <br />
                  <code className="quiet small">{line.right}</code>
                </th>
                <td>
                  <span className={`tag ${line.held === "no" ? "" : "ok"}`}>
                    <Icon name={line.held === "no" ? "close" : "check"} />
                    {t(`held.${line.held}`)}
                  </span>
                </td>
                <td className="quiet">{line.from.join("; ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {missing && <p className="hint">{t("why.can-grant", { who: data.can_grant.join(", ") })}</p>}
    </>
  );
}
