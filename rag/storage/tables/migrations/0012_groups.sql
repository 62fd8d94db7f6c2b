-- Users and tokens as groups that may be given rights, which the versions before named one by one.
CREATE TABLE user_groups(name TEXT PRIMARY KEY, words TEXT NOT NULL UNIQUE) WITHOUT ROWID;
CREATE TABLE group_members(group_name TEXT NOT NULL REFERENCES user_groups(name) ON DELETE CASCADE,
    kind TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY(group_name, kind, name)) WITHOUT ROWID;
CREATE INDEX groups_of_member ON group_members(kind, name);
