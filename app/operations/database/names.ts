/** What a user of a database may do: change tables and rows, or rows alone. */
export type Privileges = "owner" | "readwrite";

const clone = "_clone";

/** The two logins of a user; a rotation goes from one to the other. */
export function loginsOf(user: string): [string, string] {
  return [user, `${user}${clone}`];
}

/** The user that a login belongs to. */
export function userOf(login: string): string {
  return login.endsWith(clone) ? login.slice(0, -clone.length) : login;
}

/** The login that is not in use. */
export function otherLogin(login: string): string {
  const [first, second] = loginsOf(userOf(login));
  return login === first ? second : first;
}

/** The role that holds what a database's users of the same privileges may do, and what its owners make. */
export function groupName(database: string, privileges: Privileges): string {
  return `${database}_${privileges}`;
}
