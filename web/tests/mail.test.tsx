import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { email } from "./fixtures/jmap";
import { jmap } from "./fixtures/network";
import { show } from "./render";

const inbox = "/mail/s1/s1-inbox";
const support = () => jmap.accounts[1] ?? expect.fail("no support mailbox");

describe("the sidebar", () => {
  it("has one's own mailbox first, then the shared ones, with what is unread", async () => {
    show("/mail");
    const nav = await screen.findByRole("navigation", { name: "Mailboxes" });
    const heads = await within(nav).findAllByRole("button", { expanded: true });
    expect(heads.map((head) => head.textContent)).toEqual(["ANAlice Ng", "CSCustomer Support"]);
    expect(await within(nav).findByRole("link", { name: /Inbox 2/ })).toBeVisible();
  });
});

it("opens a mailbox that does not appear by itself when somebody asks for it", async () => {
  for (const folder of support().folders) folder.isSubscribed = false;
  const { user } = show("/mail");
  await user.click(await screen.findByRole("button", { name: "Open another mailbox" }));
  expect(screen.queryByRole("button", { name: /Customer Support/, expanded: true })).toBeNull();
  await user.click(screen.getByRole("menuitem", { name: "Customer Support" }));
  expect(await screen.findByRole("button", { name: /Customer Support/, expanded: true })).toBeVisible();
});

describe("the list", () => {
  it("asks only for what is on screen, however long it is", async () => {
    support().emails = Array.from({ length: 5000 }, (_, at) =>
      email({
        id: `n${at}`,
        folder: "s1-inbox",
        from: ["Dana Roth", "dana@customer.example"],
        subject: `Order ${at}`,
        at: new Date(Date.UTC(2026, 0, 1) + at * 60_000).toISOString(),
      }),
    );
    show(inbox);
    expect(await screen.findByRole("row", { name: /Order 4999/ })).toBeVisible();
    expect(screen.getByRole("grid")).toHaveAttribute("aria-rowcount", "5000");
    expect(screen.getAllByRole("row").length).toBeLessThan(60);
    const asked = jmap.asked.filter(([method]) => method === "Email/get");
    expect(asked.flatMap(([, given]) => given.ids as string[]).length).toBeLessThanOrEqual(100);
  });

  it("deletes what is picked, and takes it back", async () => {
    const { user } = show(inbox);
    await user.click(await screen.findByRole("button", { name: "Pick “New lamps are in”" }));
    await user.click(screen.getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(screen.queryByRole("row", { name: /New lamps/ })).toBeNull());
    expect(support().emails.find((one) => one.id === "m3")?.mailboxIds).toEqual({ "s1-trash": true });
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(await screen.findByRole("row", { name: /New lamps/ })).toBeVisible();
    expect(support().emails.find((one) => one.id === "m3")?.mailboxIds).toEqual({ "s1-inbox": true });
  });

  it("searches with words and chips", async () => {
    const { user } = show(inbox);
    await user.type(await screen.findByLabelText("Search mail"), "is:unread lamps{Enter}");
    expect(await screen.findByRole("row", { name: /New lamps/ })).toBeVisible();
    await waitFor(() => expect(screen.queryByRole("row", { name: /Parcel/ })).toBeNull());
    expect(screen.getByRole("button", { name: "Remove “Unread”" })).toBeVisible();
  });
});

describe("a conversation", () => {
  it("shows the newest message, folds what was quoted, and reads it", async () => {
    const { user } = show(`${inbox}/t1`);
    expect(await screen.findByText("It is here now, thank you!", { selector: ".plain-text" })).toBeVisible();
    expect(screen.queryByText(/my order 4711 has not arrived yet\./, { selector: ".quoted" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Show what was quoted" }));
    expect(screen.getByText(/my order 4711/, { selector: ".quoted" })).toBeVisible();
    await waitFor(() => expect(support().emails.find((one) => one.id === "m2")?.keywords.$seen).toBe(true));
  });

  it("offers nothing that one may not do", async () => {
    for (const folder of support().folders)
      folder.myRights = { ...folder.myRights, mayRemoveItems: false, maySetKeywords: false, maySetSeen: false };
    show(`${inbox}/t1`);
    expect(await screen.findByRole("button", { name: "Reply" })).toBeVisible();
    for (const name of ["Delete", "Flag", "Mark as unread", "Move to…"])
      expect(screen.queryByRole("button", { name })).toBeNull();
    expect(support().emails.find((one) => one.id === "m2")?.keywords.$seen).toBeUndefined();
  });
});
