-- Gives the roles of the connected database what the file says (see roles.sql), and creates the extensions.
CREATE TEMPORARY TABLE wanted AS SELECT pg_read_file(:'file')::jsonb AS file;

SELECT format('CREATE EXTENSION IF NOT EXISTS %I', name)
FROM wanted, jsonb_array_elements_text(file -> 'extensions') AS name
WHERE EXISTS (SELECT FROM jsonb_array_elements(file -> 'databases') AS item WHERE item ->> 'name' = current_database()) \gexec

CREATE TEMPORARY TABLE member AS
SELECT item ->> 'name' AS name, item ->> 'privileges' AS privileges, pg_get_userbyid(datdba) AS owner
FROM wanted, jsonb_array_elements(file -> 'roles') AS item, pg_database
WHERE item ->> 'database' = current_database() AND datname = current_database();

-- What a role was given earlier and is no longer listed with is taken back.
SELECT format('REVOKE ALL ON DATABASE %I FROM %I', current_database(), rolname) FROM pg_roles, pg_database
WHERE datname = current_database() AND rolname !~ '^pg_' AND rolname <> current_user AND pg_roles.oid <> datdba
  AND has_database_privilege(pg_roles.oid, pg_database.oid, 'CONNECT') \gexec

SELECT format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', current_database(), name) FROM member \gexec

SELECT format('GRANT %I TO %I', owner, name) FROM member WHERE privileges = 'owner' AND name <> owner \gexec
SELECT format('REVOKE %I FROM %I', owner, name) FROM member
WHERE privileges = 'readwrite' AND name <> owner AND pg_has_role(name, owner, 'MEMBER') \gexec

SELECT format('GRANT USAGE ON SCHEMA public TO %1$I;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %1$I;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO %1$I', name)
FROM member WHERE privileges = 'readwrite' AND name <> owner \gexec

-- What an owner creates later is open to the others as well.
SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %2$I IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %1$I;
ALTER DEFAULT PRIVILEGES FOR ROLE %2$I IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO %1$I', member.name, creator.name)
FROM member, (SELECT owner AS name FROM member UNION SELECT name FROM member WHERE privileges = 'owner') AS creator
WHERE privileges = 'readwrite' AND member.name <> owner \gexec
