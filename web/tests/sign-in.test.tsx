import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { org } from "./fixtures/network";
import { show } from "./render";

describe("signing in", () => {
  it("leads to where somebody wanted to go, and keeps nothing in the browser's storage", async () => {
    org.session = null;
    const { user, router } = show("/console/domains");
    await user.type(await screen.findByLabelText("Name or address"), "alice");
    await user.type(screen.getByLabelText("Password"), "right");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("heading", { name: "Domains" })).toBeVisible();
    expect(router.state.location.pathname).toBe("/console/domains");
    expect(localStorage.length).toBe(0);
    expect(sessionStorage.getItem("token")).toBeNull();
  });

  it("says what was wrong, empties the password and keeps the name", async () => {
    org.session = null;
    const { user } = show("/sign-in");
    await user.type(await screen.findByLabelText("Name or address"), "alice");
    await user.type(screen.getByLabelText("Password"), "wrong");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("wrong name or password");
    expect(screen.getByLabelText("Name or address")).toHaveValue("alice");
    await waitFor(() => expect(screen.getByLabelText("Password")).toHaveFocus());
    expect(screen.getByLabelText("Password")).toHaveValue("");
  });

  it("never leads to another site", async () => {
    const { router } = show("/sign-in?next=//evil.example/");
    await screen.findByLabelText("Password");
    expect(router.state.matches.at(-1)?.search).toEqual({});
  });
});
