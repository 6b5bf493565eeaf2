//! Stands before every screen behind the sign-in: when the session ends, the sign-in comes back, and then this screen.

import { useQuery } from "@tanstack/react-query";
import { Navigate, Outlet, useLocation } from "@tanstack/react-router";
import { sessionQuery } from "../api/session";
import { t } from "../text";

export function Gate() {
  const { data: session } = useQuery(sessionQuery);
  const location = useLocation();
  if (!session) return <Navigate to="/sign-in" search={{ next: location.href }} replace />;
  return (
    <>
      <a className="skip-link" href="#main">
        {t("app.skip")}
      </a>
      <Outlet />
    </>
  );
}
