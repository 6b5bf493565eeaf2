//! Folders: what stands in each and how much room it takes.

import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { intl, size, t } from "../../text";
import { Failed, Loading } from "../../ui/note";
import { TableFrame } from "../../ui/table-frame";
import { foldersQuery } from "../queries";
import { useMailboxName } from "./mailbox";

export function Folders() {
  const name = useMailboxName();
  const { data, error, refetch } = useQuery(foldersQuery(name));
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const sum = (of: (folder: Schemas["Folder"]) => number) => data.reduce((total, folder) => total + of(folder), 0);
  return (
    <TableFrame label={t("mailbox.tab.folders")}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("folders.column.folder")}</th>
            <th scope="col" className="number">
              {t("folders.column.messages")}
            </th>
            <th scope="col" className="number">
              {t("folders.column.size")}
            </th>
          </tr>
        </thead>
        <tbody>
          {data.map((folder) => (
            <tr key={folder.id}>
              <th scope="row">{folder.path}</th>
              <td className="number">{intl.formatNumber(folder.messages)}</td>
              <td className="number">{size(folder.size)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{t("folders.total")}</th>
            <td className="number">{intl.formatNumber(sum((folder) => folder.messages))}</td>
            <td className="number">{size(sum((folder) => folder.size))}</td>
          </tr>
        </tbody>
      </table>
    </TableFrame>
  );
}
