CREATE TABLE "access_keys" (
	"jti" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"owner_issuer" text NOT NULL,
	"owner_kind" text NOT NULL,
	"owner_id" text NOT NULL,
	"owner_email" text,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"ends_at" timestamp (3) with time zone,
	"ended_by" text,
	"replaced_by" uuid
);
--> statement-breakpoint
CREATE UNIQUE INDEX "access_keys_name_unique" ON "access_keys" USING btree ("owner_issuer","owner_kind","owner_id","name") WHERE "access_keys"."ends_at" is null;--> statement-breakpoint
CREATE INDEX "access_keys_owner_index" ON "access_keys" USING btree ("owner_issuer","owner_kind","owner_id","created_at");--> statement-breakpoint
CREATE INDEX "access_keys_created_at_index" ON "access_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "access_keys_expires_at_index" ON "access_keys" USING btree ("expires_at");--> statement-breakpoint
CREATE FUNCTION "notify_access_key_change"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  key "access_keys" := COALESCE(NEW, OLD);
  ends timestamptz := LEAST(key."expires_at", key."ends_at");
BEGIN
  -- Heard by every instance when the transaction is committed, in the order of the commits.
  PERFORM pg_notify('nmp_access_key_changes', json_build_object(
    'jti', key."jti",
    'endsAtMs', CASE WHEN TG_OP = 'DELETE' THEN 0 ELSE (EXTRACT(EPOCH FROM ends) * 1000)::bigint END
  )::text);
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER "access_keys_notify" AFTER INSERT OR DELETE OR UPDATE OF "ends_at" ON "access_keys"
  FOR EACH ROW EXECUTE FUNCTION "notify_access_key_change"();
