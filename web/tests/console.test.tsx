import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { csv } from "../src/console/audit-table";
import { quotaIn } from "../src/console/mailboxes/details";
import { addressesIn, nameOf } from "../src/console/mailboxes/new-mailbox";
import { network, org } from "./fixtures/network";
import { show } from "./render";

describe("a new shared mailbox", () => {
  it("is one form: three people and two addresses take at most six clicks", async () => {
    const { user } = show("/console/mailboxes");
    let clicks = 0;
    const click = async (element: HTMLElement) => {
      clicks += 1;
      await user.click(element);
    };
    await click(await screen.findByRole("button", { name: "New shared mailbox" }));
    await user.type(await screen.findByLabelText("Display name"), "Sales Désk");
    expect(screen.getByLabelText("Name")).toHaveValue("sales-desk");
    await waitFor(() => expect(screen.getByLabelText("Addresses")).toHaveValue("sales-desk@example.org"));
    await user.type(screen.getByLabelText("Addresses"), ", orders@example.org");
    for (const person of ["Alice", "Bob", "Carol"]) {
      await user.type(screen.getByRole("combobox", { name: "Who works on it" }), person);
      await click(await screen.findByRole("option", { name: new RegExp(person) }));
    }
    await click(screen.getByRole("button", { name: "Create mailbox" }));
    await waitFor(() => expect(org.grants).toHaveLength(4));
    expect(clicks).toBeLessThanOrEqual(6);
    expect(org.mailboxes[1]).toMatchObject({
      name: "sales-desk",
      display_name: "Sales Désk",
      addresses: ["sales-desk@example.org", "orders@example.org"],
    });
    expect(org.grants.slice(1).map((grant) => grant.user)).toEqual(["alice", "bob", "carol"]);
    expect(org.grants[1]?.rights).toContain("send.as");
  });

  it("shows a refusal at its field and keeps what was typed", async () => {
    const { user } = show("/console/mailboxes");
    await user.click(await screen.findByRole("button", { name: "New shared mailbox" }));
    await user.type(await screen.findByLabelText("Display name"), "Support");
    await user.click(screen.getByRole("button", { name: "Create mailbox" }));
    expect(await screen.findByText("the name is taken")).toBeVisible();
    expect(screen.getByLabelText("Name")).toHaveAccessibleDescription(/the name is taken/);
    expect(screen.getByLabelText("Display name")).toHaveValue("Support");
  });

  it("makes a name and addresses of what is typed", () => {
    expect(nameOf("Customer Support")).toBe("customer-support");
    expect(nameOf("  Ünder & Co. ")).toBe("under-co.");
    expect(nameOf("!?")).toBe("");
    expect(addressesIn(" a@x.org, b@x.org;\nc@x.org ")).toEqual(["a@x.org", "b@x.org", "c@x.org"]);
  });
});

describe("access", () => {
  it("shows grants by their preset, and what each person can do and why", async () => {
    show("/console/mailboxes/support/access");
    const table = await screen.findByRole("table");
    expect(within(table).getByRole("rowheader", { name: "Mailbox - Support" })).toBeVisible();
    expect(await within(table).findByText("Agent")).toBeVisible();
    expect(await screen.findByText(/role Mailbox - Support/)).toBeVisible();
  });

  it("says what was refused, in the server's words", async () => {
    network.use(
      http.get(`${location.origin}/api/v1/grants`, () =>
        HttpResponse.json({ status: 403, detail: "this needs the right mailbox.manage" }, { status: 403 }),
      ),
    );
    show("/console/mailboxes/support/access");
    expect(await screen.findByRole("alert")).toHaveTextContent("this needs the right mailbox.manage");
  });
});

it("has a way on when the network is gone", async () => {
  network.use(http.get(`${location.origin}/api/v1/domains`, () => HttpResponse.error()));
  const { user } = show("/console/domains");
  expect(await screen.findByRole("alert")).toHaveTextContent("The server cannot be reached");
  network.resetHandlers();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("rowheader", { name: "example.org" })).toBeVisible();
});

it("writes the record so that no spreadsheet takes a cell for a formula", () => {
  const act = { id: 1, at: 0, who: "person", person: "bob", door: "imap", action: "mailbox.open", outcome: "done" };
  expect(csv([{ ...act, mailbox: null, detail: '=HYPERLINK("x"), y' }])).toBe(
    "at,who,person,mailbox,door,action,outcome,detail\r\n" +
      '1970-01-01T00:00:00.000Z,person,bob,,imap,mailbox.open,done,"\'=HYPERLINK(""x""), y"\r\n',
  );
});

it("reads a limit in megabytes", () => {
  expect(quotaIn(" ")).toBeNull();
  expect(quotaIn("1,5")).toBe(1_572_864);
  expect(quotaIn("0")).toBeUndefined();
  expect(quotaIn("much")).toBeUndefined();
});
