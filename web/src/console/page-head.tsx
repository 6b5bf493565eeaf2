//! The head of a page of the console: what it is about, and the one thing that is mostly done there.

import type { ReactNode } from "react";
import { useTitle } from "../title";

interface Props {
  title: string;
  text?: ReactNode;
  crumb?: ReactNode;
  action?: ReactNode;
}

export function PageHead({ title, text, crumb, action }: Props) {
  useTitle(title);
  return (
    <div className="page-head">
      <div>
        {crumb && <div className="crumb">{crumb}</div>}
        <h1>{title}</h1>
        {text && <p>{text}</p>}
      </div>
      {action && <div className="row">{action}</div>}
    </div>
  );
}
