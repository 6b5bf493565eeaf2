//! The people.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { t } from "../../text";
import { Avatar } from "../../ui/avatar";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { Empty, Failed, Loading } from "../../ui/note";
import { PageHead } from "../page-head";
import { usersQuery } from "../queries";
import { NewUser } from "./new-user";

/** More than these are found by typing, not by looking. */
const MOST_SHOWN = 200;

export function Users() {
  const { data, error, refetch } = useQuery(usersQuery);
  const [making, setMaking] = useState(false);
  const [wanted, setWanted] = useState("");
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const text = wanted.trim().toLowerCase();
  const found = data.filter((user) =>
    [user.name, user.display_name, ...user.addresses].some((one) => one.toLowerCase().includes(text)),
  );
  return (
    <>
      <PageHead
        title={t("users.title")}
        text={t("users.about")}
        action={
          <Button look="primary" icon="plus" onPress={() => setMaking(true)}>
            {t("users.new")}
          </Button>
        }
      />
      <div className="filters">
        <Field label={t("users.find")} value={wanted} onChange={setWanted} type="search" />
      </div>
      {found.length === 0 ? (
        <Empty icon="person" title={t("users.none")} />
      ) : (
        <div className="table-frame">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t("users.column.name")}</th>
                <th scope="col">{t("users.column.address")}</th>
                <th scope="col">{t("users.column.roles")}</th>
              </tr>
            </thead>
            <tbody>
              {found.slice(0, MOST_SHOWN).map((user) => (
                <tr key={user.name}>
                  <th scope="row">
                    <Link to="/console/users/$name" params={{ name: user.name }} className="row">
                      <Avatar name={user.display_name} />
                      <span>
                        {user.display_name}{" "}
                        {user.privilege === "admin" && <span className="tag accent">{t("privilege.admin")}</span>}
                        <br />
                        <span className="quiet small">{user.name}</span>
                      </span>
                    </Link>
                  </th>
                  <td>{user.addresses[0]}</td>
                  <td>
                    <span className="picked">
                      {user.roles.map((role) => (
                        <span className="tag" key={role}>
                          {role}
                        </span>
                      ))}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.length > MOST_SHOWN && (
        <p className="hint more">{t("users.more", { count: found.length - MOST_SHOWN })}</p>
      )}
      <NewUser isOpen={making} onClose={() => setMaking(false)} />
    </>
  );
}
