CREATE FUNCTION "notify_role_change"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  binding "role_bindings" := COALESCE(NEW, OLD);
BEGIN
  -- Heard by every instance when the transaction is committed, in the order of the commits.
  PERFORM pg_notify('nmp_role_changes', json_build_object(
    'principal', binding."principal",
    'workspace', binding."workspace",
    'role', binding."role",
    'isGranted', TG_OP <> 'DELETE' AND binding."revoked_at" IS NULL
  )::text);
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER "role_bindings_notify" AFTER INSERT OR UPDATE ON "role_bindings"
  FOR EACH ROW EXECUTE FUNCTION "notify_role_change"();--> statement-breakpoint
CREATE TRIGGER "role_bindings_notify_deleted" AFTER DELETE ON "role_bindings"
  FOR EACH ROW WHEN (OLD."revoked_at" IS NULL) EXECUTE FUNCTION "notify_role_change"();
