-- Brings roles and databases to what the file says:
--   {"databases": [{"name", "owner"}],
--    "roles": [{"name", "passwordFile", "database", "privileges": "owner" | "readwrite"}],
--    "extensions": ["vector", ...]}
-- Passwords are read by the server from their files and never pass through a command line or a client.
CREATE TEMPORARY TABLE wanted AS SELECT pg_read_file(:'file')::jsonb AS file;

DO $$
DECLARE
  role record;
  password text;
BEGIN
  FOR role IN SELECT item.* FROM wanted, jsonb_to_recordset(file -> 'roles')
      AS item (name text, "passwordFile" text, database text, privileges text) LOOP
    IF role.name IS NULL OR role.name = current_user OR role.name LIKE 'pg\_%' THEN
      RAISE EXCEPTION 'role "%" cannot be managed: a role needs a name, and "%" and names beginning with "pg_" are reserved',
        role.name, current_user;
    END IF;
    IF role.privileges IS NULL OR role.privileges NOT IN ('owner', 'readwrite') THEN
      RAISE EXCEPTION 'role "%" has privileges "%"; allowed are "owner" and "readwrite"', role.name, role.privileges;
    END IF;
    IF NOT EXISTS (SELECT FROM wanted, jsonb_array_elements(file -> 'databases') AS item
        WHERE item ->> 'name' = role.database) THEN
      RAISE EXCEPTION 'role "%" names the database "%", which is not listed', role.name, role.database;
    END IF;
    password := rtrim(pg_read_file(role."passwordFile"), E'\r\n');
    IF password = '' THEN
      RAISE EXCEPTION 'the password file % of role "%" is empty', role."passwordFile", role.name;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role.name) THEN
      EXECUTE format('CREATE ROLE %I', role.name);
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %L',
      role.name, password);
  END LOOP;
END $$;

-- An owner without a login is allowed.
SELECT format('CREATE ROLE %I NOLOGIN', owner) FROM
  (SELECT DISTINCT item ->> 'owner' AS owner FROM wanted, jsonb_array_elements(file -> 'databases') AS item) AS owners
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = owner) \gexec

-- Who is no longer listed keeps what it owns, but cannot come in.
SELECT format('ALTER ROLE %I NOLOGIN PASSWORD NULL', rolname) FROM pg_roles
WHERE rolcanlogin AND rolname <> current_user
  AND NOT EXISTS (SELECT FROM wanted, jsonb_array_elements(file -> 'roles') AS item WHERE item ->> 'name' = rolname) \gexec

SELECT format('CREATE DATABASE %I OWNER %I', item ->> 'name', item ->> 'owner')
FROM wanted, jsonb_array_elements(file -> 'databases') AS item
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = item ->> 'name') \gexec

SELECT format('ALTER DATABASE %I OWNER TO %I', item ->> 'name', item ->> 'owner')
FROM wanted, jsonb_array_elements(file -> 'databases') AS item \gexec

-- A role comes into its own database only.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', datname) FROM pg_database WHERE datallowconn \gexec
