//! What the console asks of the REST API, under the keys it is kept by. Changes make it ask again.

import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../api/client";

export type Mailbox = Schemas["Mailbox"];
export type User = Schemas["User"];
export type Role = Schemas["Role"];
export type Grant = Schemas["Grant"];
export type Right = Schemas["Right"];

export const mailboxesQuery = queryOptions({
  queryKey: ["mailboxes"],
  queryFn: () => answer(api.GET("/mailboxes")),
});

export const mailboxQuery = (name: string) =>
  queryOptions({
    queryKey: ["mailboxes", name],
    queryFn: () => answer(api.GET("/mailboxes/{mailbox}", { params: { path: { mailbox: name } } })),
  });

export const foldersQuery = (name: string) =>
  queryOptions({
    queryKey: ["mailboxes", name, "folders"],
    queryFn: () => answer(api.GET("/mailboxes/{mailbox}/folders", { params: { path: { mailbox: name } } })),
  });

export const peopleQuery = (name: string) =>
  queryOptions({
    queryKey: ["grants", name, "people"],
    queryFn: () => answer(api.GET("/mailboxes/{mailbox}/people", { params: { path: { mailbox: name } } })),
  });

export const grantsQuery = (mailbox?: string) =>
  queryOptions({
    queryKey: ["grants", mailbox ?? null],
    queryFn: () => answer(api.GET("/grants", { params: { query: mailbox === undefined ? {} : { mailbox } } })),
  });

export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: () => answer(api.GET("/users")),
});

export const userQuery = (name: string) =>
  queryOptions({
    queryKey: ["users", name],
    queryFn: () => answer(api.GET("/users/{user}", { params: { path: { user: name } } })),
  });

export const rolesQuery = queryOptions({
  queryKey: ["roles"],
  queryFn: () => answer(api.GET("/roles")),
});

export const roleQuery = (id: string) =>
  queryOptions({
    queryKey: ["roles", id],
    queryFn: () => answer(api.GET("/roles/{role}", { params: { path: { role: id } } })),
  });

export const domainsQuery = queryOptions({
  queryKey: ["domains"],
  queryFn: () => answer(api.GET("/domains")),
});

export const planQuery = queryOptions({
  queryKey: ["plan"],
  queryFn: () => answer(api.GET("/plan")),
});

/** The words of the rights and what the presets hold never change while the server runs. */
export const rightsQuery = queryOptions({
  queryKey: ["rights"],
  queryFn: () => answer(api.GET("/rights")),
  staleTime: Number.POSITIVE_INFINITY,
});

/** A change of the organisation: one may follow from another, so everything is asked again. */
export function useChange<Input, Output>(
  change: (input: Input) => Promise<Output>,
  after?: (output: Output, input: Input) => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (output, input) => {
      await queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "rights" });
      after?.(output, input);
    },
  });
}
