import { screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { addressesIn, prefixed, recipients, threading, written } from "../src/mail/composer/draft";
import { closeComposer } from "../src/mail/composer/open";
import { email } from "./fixtures/jmap";
import { jmap } from "./fixtures/network";
import { show } from "./render";

afterEach(closeComposer);

describe("an answer from a shared mailbox", () => {
  it("goes out from its address, is saved while it is typed, and is sent", async () => {
    const { user } = show("/mail/s1/s1-inbox/t1");
    await user.click(await screen.findByRole("button", { name: "Reply" }));
    expect(await screen.findByLabelText("From")).toHaveValue("support@example.org");
    expect(screen.getByLabelText("Subject")).toHaveValue("Re: Parcel has not arrived");
    await user.type(screen.getByLabelText("Subject"), "!");
    await waitFor(() => expect(screen.getByText("Saved")).toBeVisible());
    const draft = jmap.accounts[1]?.emails.at(-1);
    expect(draft).toMatchObject({
      mailboxIds: { "s1-drafts": true },
      from: [{ name: "Customer Support", email: "support@example.org" }],
      to: [{ name: "Dana Roth", email: "dana@customer.example" }],
      inReplyTo: ["m2@mail.example"],
    });
    await user.click(screen.getByRole("button", { name: "Send" }));
    expect(await screen.findByText("Sent.")).toBeVisible();
    const submission = jmap.asked.find(([method]) => method === "EmailSubmission/set");
    expect(submission?.[1]).toMatchObject({ accountId: "s1", create: { send: { identityId: "i2" } } });
  });

  it("warns before one's own address leaks", async () => {
    const { user } = show("/mail/s1/s1-inbox/t1");
    await user.click(await screen.findByRole("button", { name: "Reply" }));
    await user.selectOptions(await screen.findByLabelText("From"), "alice@example.org");
    expect(await screen.findByRole("alert")).toHaveTextContent("goes out from your own address alice@example.org");
  });

  it("is not sent while something typed is no address", async () => {
    const { user } = show("/mail/s1/s1-inbox");
    await user.click(await screen.findByRole("button", { name: "New" }));
    await user.type(await screen.findByLabelText("To"), "dana");
    await user.click(screen.getByRole("button", { name: "Send" }));
    expect(await screen.findByText("This is no address: dana")).toBeVisible();
    expect(jmap.asked.some(([method]) => method === "EmailSubmission/set")).toBe(false);
  });
});

const mail = () =>
  email({ id: "x", folder: "f", from: ["Dana", "dana@c.example"], subject: "Hi", at: "2026-01-01T00:00:00Z" });

it("reads addresses as people write them", () => {
  expect(addressesIn('Dana Roth <dana@c.example>, "Roth, D." <d@c.example>; bo@c.example, bo')).toEqual({
    addresses: [
      { name: "Dana Roth", email: "dana@c.example" },
      { name: "Roth, D.", email: "d@c.example" },
      { name: null, email: "bo@c.example" },
    ],
    rest: "bo",
  });
  expect(written({ name: "Roth, D.", email: "d@c.example" })).toBe('"Roth, D." <d@c.example>');
});

it("puts one prefix before a subject", () => {
  expect(prefixed("Re", "RE: AW: Fwd: Hello")).toBe("Re: Hello");
  expect(prefixed("Fwd", null)).toBe("Fwd:");
});

it("answers to who wrote, and to all without ourselves", () => {
  const ours = ["support@example.org"];
  const both = {
    ...mail(),
    to: [
      { name: null, email: "Support@example.org" },
      { name: null, email: "eve@c.example" },
    ],
    cc: [{ name: null, email: "dana@c.example" }],
  };
  expect(recipients(both, false, ours)).toEqual({ to: [{ name: "Dana", email: "dana@c.example" }], cc: [] });
  expect(recipients(both, true, ours)).toEqual({
    to: [
      { name: "Dana", email: "dana@c.example" },
      { name: null, email: "eve@c.example" },
    ],
    cc: [],
  });
  const wrote = {
    ...both,
    from: [{ name: null, email: "support@example.org" }],
    to: [{ name: null, email: "eve@c.example" }],
  };
  expect(recipients(wrote, false, ours).to).toEqual([{ name: null, email: "eve@c.example" }]);
});

it("names what it answers (RFC 5322 section 3.6.4)", () => {
  expect(threading({ ...mail(), references: ["a@x", "b@x"] })).toEqual({
    inReplyTo: ["x@mail.example"],
    references: ["a@x", "b@x", "x@mail.example"],
  });
  expect(threading({ ...mail(), messageId: null })).toEqual({ inReplyTo: null, references: null });
});
