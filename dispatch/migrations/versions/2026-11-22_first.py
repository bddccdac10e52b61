"""The first tables."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import dispatch.db

revision = "2026_11_22_first"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("worker", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("started_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
        sa.UniqueConstraint("worker", name=op.f("uq_heartbeat_worker")),
    )
    op.create_table(
        "lender",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("name_zh", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("complaint_phone", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("complaint_email", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lender")),
        sa.UniqueConstraint("name", name=op.f("uq_lender_name")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number_index", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("name_index", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("birth_year_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("is_adult", sa.Boolean(), nullable=True),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=True),
        sa.Column("erased_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("number_index", name=op.f("uq_person_number_index")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_name_index"), ["name_index"], unique=False)

    op.create_table(
        "agency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("lender_id", sa.Uuid(), nullable=True),
        sa.Column("is_external", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["lender_id"], ["lender.id"], name=op.f("fk_agency_lender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("name", name=op.f("uq_agency_name")),
    )
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_lender_id"), ["lender_id"], unique=False)

    op.create_table(
        "cap_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "visit",
                "talk",
                "contact",
                name="capkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "reserved",
                "used",
                "released",
                name="capstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cap_entry_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cap_entry")),
        sa.UniqueConstraint("source_id", "kind", name=op.f("uq_cap_entry_source_id_kind")),
    )
    with op.batch_alter_table("cap_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cap_entry_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_cap_entry_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cap_entry_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cap_entry_source_id"), ["source_id"], unique=False)

    op.create_table(
        "contact_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "phone",
                "email",
                name="contactkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("value_index", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "valid",
                "doubtful",
                "wrong",
                "revoked",
                name="contactstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("lawful_basis", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("is_preferred", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_point_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_point")),
        sa.UniqueConstraint(
            "person_id",
            "kind",
            "value_index",
            name=op.f("uq_contact_point_person_id_kind_value_index"),
        ),
    )
    with op.batch_alter_table("contact_point", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_point_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_contact_point_value_index"), ["value_index"], unique=False
        )

    op.create_table(
        "place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "residence",
                "workplace",
                "other",
                name="placekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("address_index", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("point_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "location",
            sa.Enum(
                "located",
                "doubtful",
                "needs_locating",
                "wrong",
                name="locationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("located_by", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("time_zone", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("is_chosen_by_person", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_place_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint(
            "person_id", "address_index", name=op.f("uq_place_person_id_address_index")
        ),
    )
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_location"), ["location"], unique=False)
        batch_op.create_index(batch_op.f("ix_place_person_id"), ["person_id"], unique=False)

    op.create_table(
        "branch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("name_zh", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("time_zone", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("pack_id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("depot_lat", sa.Float(), nullable=False),
        sa.Column("depot_lon", sa.Float(), nullable=False),
        sa.Column("planning_at", sa.Time(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("calendar_years", sa.JSON(), nullable=False),
        sa.Column("auto_announce", sa.Boolean(), nullable=False),
        sa.Column("auto_publish", sa.Boolean(), nullable=False),
        sa.Column("sends_nothing", sa.Boolean(), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_branch_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch")),
        sa.UniqueConstraint("name", name=op.f("uq_branch_name")),
    )
    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_branch_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "agent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("home_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("gender", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("photo_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "applied",
                "checked",
                "trained",
                "certified",
                "authorised",
                "active",
                "suspended",
                "expired",
                "revoked",
                name="agentstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_agent_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent")),
        sa.UniqueConstraint("branch_id", "number", name=op.f("uq_agent_branch_id_number")),
    )
    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agent_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agent_state"), ["state"], unique=False)

    op.create_table(
        "crew",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("starts_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("is_dissolved", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_crew_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crew")),
        sa.UniqueConstraint(
            "branch_id", "service_date", "name", name=op.f("uq_crew_branch_id_service_date_name")
        ),
    )
    with op.batch_alter_table("crew", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_crew_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_crew_service_date"), ["service_date"], unique=False)

    op.create_table(
        "duty_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("duty", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "due",
                "running",
                "done",
                "done_with_errors",
                "failed",
                "skipped",
                name="dutystate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("lease_until", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("started_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("failure", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_duty_run_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_run")),
        sa.UniqueConstraint(
            "duty",
            "branch_id",
            "business_date",
            name=op.f("uq_duty_run_duty_branch_id_business_date"),
        ),
    )
    with op.batch_alter_table("duty_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_run_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_duty_run_business_date"), ["business_date"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_duty_run_duty"), ["duty"], unique=False)
        batch_op.create_index(batch_op.f("ix_duty_run_state"), ["state"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("previous_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("sealed_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_evidence_branch_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_evidence")),
        sa.UniqueConstraint("branch_id", "sequence", name=op.f("uq_evidence_branch_id_sequence")),
        sa.UniqueConstraint("id", name=op.f("uq_evidence_id")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_sequence"), ["sequence"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "geocode_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("address_index", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("looked_up_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_geocode_entry_branch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_geocode_entry")),
        sa.UniqueConstraint(
            "branch_id",
            "provider",
            "address_index",
            name=op.f("uq_geocode_entry_branch_id_provider_address_index"),
        ),
    )
    with op.batch_alter_table("geocode_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_geocode_entry_branch_id"), ["branch_id"], unique=False
        )

    op.create_table(
        "holiday",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "public_holiday",
                "working_day",
                "festival",
                name="holidayclass",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_holiday_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("branch_id", "day_on", name=op.f("uq_holiday_branch_id_day_on")),
    )
    with op.batch_alter_table("holiday", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holiday_branch_id"), ["branch_id"], unique=False)

    op.create_table(
        "import_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "cases",
                "attempts",
                "payments",
                "agents",
                "shifts",
                "holidays",
                name="importkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("file_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("is_dry_run", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("mapping_used", sa.JSON(), nullable=False),
        sa.Column("imported_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("imported_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_import_batch_branch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_batch_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_batch_file_hash"), ["file_hash"], unique=False)

    op.create_table(
        "loan_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("lender_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "intake",
                "audited",
                "remote",
                "eligible",
                "visit_approved",
                "visiting",
                "follow_up",
                "on_hold",
                "plan",
                "legal_review",
                "cured",
                "settled",
                "returned",
                "closed",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "held_from",
            sa.Enum(
                "intake",
                "audited",
                "remote",
                "eligible",
                "visit_approved",
                "visiting",
                "follow_up",
                "on_hold",
                "plan",
                "legal_review",
                "cured",
                "settled",
                "returned",
                "closed",
                name="held_from",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("product", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("amounts_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("oldest_unpaid_due_on", sa.Date(), nullable=True),
        sa.Column("service_minutes", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("preferred_times", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("data_audited_until", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("received_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("source_row", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_loan_case_branch_id")),
        sa.ForeignKeyConstraint(["lender_id"], ["lender.id"], name=op.f("fk_loan_case_lender_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_loan_case_person_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_loan_case_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_case")),
        sa.UniqueConstraint("lender_id", "number", name=op.f("uq_loan_case_lender_id_number")),
        sa.UniqueConstraint("reference", name=op.f("uq_loan_case_reference")),
    )
    with op.batch_alter_table("loan_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loan_case_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loan_case_lender_id"), ["lender_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loan_case_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loan_case_place_id"), ["place_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loan_case_stage"), ["stage"], unique=False)

    op.create_table(
        "plan_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "announce",
                "release",
                "repair",
                name="runkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "manual",
                "nightly",
                "answer",
                "delay",
                "hold",
                "absence",
                "stale",
                "demo",
                name="runreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "stale",
                "failed",
                "cancelled",
                name="runstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("duty_slot", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=True),
        sa.Column("requested_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("requested_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("claimed_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("lease_until", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("stale_count", sa.Integer(), nullable=False),
        sa.Column(
            "asked_again",
            sa.Enum(
                "manual",
                "nightly",
                "answer",
                "delay",
                "hold",
                "absence",
                "stale",
                "demo",
                name="asked_again",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("fingerprint", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("snapshot_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("finished_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("failure", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_plan_run_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_run")),
        sa.UniqueConstraint("duty_slot", name=op.f("uq_plan_run_duty_slot")),
    )
    with op.batch_alter_table("plan_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_run_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_run_from_on"), ["from_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_run_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_plan_run_open",
            ["branch_id", "from_on", "kind"],
            unique=True,
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )

    op.create_table(
        "switch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("switched_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("switched_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_switch_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_switch")),
    )
    with op.batch_alter_table("switch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_switch_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_switch_name"), ["name"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("from_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("until_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "sick",
                "leave",
                "training",
                "other",
                name="absencereason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("recorded_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_absence_agent_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_absence_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_absence_branch_id"), ["branch_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "manager",
                "agent",
                "auditor",
                "service",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=True),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("created_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_account_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_role"), ["role"], unique=False)

    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column(
            "ability",
            sa.Enum(
                "adequate",
                "partial",
                "none_now",
                "unknown",
                name="ability",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "willingness",
            sa.Enum(
                "willing",
                "willing_if_plan",
                "unsure",
                "unwilling",
                "not_discussed",
                name="willingness",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("assessed_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("assessed_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_assessment_branch_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["loan_case.id"], name=op.f("fk_assessment_case_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_assessment_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_person_id"), ["person_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("scope", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("given_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("given_by", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("revoked_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["loan_case.id"], name=op.f("fk_consent_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_consent_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_place_id"), ["place_id"], unique=False)

    op.create_table(
        "contact_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("lender_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "phone",
                "sms",
                "email",
                "letter",
                "chat",
                "visit",
                name="contactchannel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "result",
            sa.Enum(
                "right_party",
                "third_party",
                "none",
                name="contactresult",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("occurred_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("is_reminder", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_contact_attempt_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["loan_case.id"], name=op.f("fk_contact_attempt_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["lender_id"], ["lender.id"], name=op.f("fk_contact_attempt_lender_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_attempt_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempt")),
        sa.UniqueConstraint(
            "lender_id", "number", name=op.f("uq_contact_attempt_lender_id_number")
        ),
    )
    with op.batch_alter_table("contact_attempt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_attempt_branch_id"), ["branch_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_contact_attempt_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_contact_attempt_lender_id"), ["lender_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_contact_attempt_occurred_at"), ["occurred_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_contact_attempt_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "crew_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("crew_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("members_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("formed_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["crew_id"], ["crew.id"], name=op.f("fk_crew_version_crew_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crew_version")),
        sa.UniqueConstraint("crew_id", "number", name=op.f("uq_crew_version_crew_id_number")),
    )
    with op.batch_alter_table("crew_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_crew_version_crew_id"), ["crew_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_crew_version_members_hash"), ["members_hash"], unique=False
        )

    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "hardship",
                "dispute",
                "complaint",
                "stop_contact",
                "stop_visits",
                "signed_plan_performing",
                "plan_request",
                "promise_open",
                "represented",
                "insolvency",
                "deceased",
                "incapacity",
                "vulnerable",
                "distress_flag",
                "illness",
                "bereavement",
                "disaster_area",
                "minor_only",
                "paid_unposted",
                "data_audit_expired",
                "identity_doubt",
                "language",
                "cooling_off",
                "away",
                "place_barred",
                name="holdkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "active",
                "lapsed",
                "released",
                name="holdstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("from_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("until_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("requested_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("released_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("release_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_hold_branch_id")),
        sa.ForeignKeyConstraint(["case_id"], ["loan_case.id"], name=op.f("fk_hold_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hold_person_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_hold_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hold_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hold_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hold_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_hold_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hold_place_id"), ["place_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hold_source_id"), ["source_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hold_state"), ["state"], unique=False)

    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("plan_run_id", sa.Uuid(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "superseded",
                "recalled",
                name="planstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "announce",
                "release",
                "repair",
                name="runkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("pack_id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("pack_version", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("origin_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("engine", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("objective", sa.Integer(), nullable=False),
        sa.Column("travel_s", sa.Integer(), nullable=False),
        sa.Column("distance_m", sa.Integer(), nullable=False),
        sa.Column("value_served", sa.Integer(), nullable=False),
        sa.Column("is_incomplete", sa.Boolean(), nullable=False),
        sa.Column("is_estimated", sa.Boolean(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("roads", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("planned_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("announced_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("published_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("published_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_plan_branch_id")),
        sa.ForeignKeyConstraint(
            ["plan_run_id"], ["plan_run.id"], name=op.f("fk_plan_plan_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint(
            "branch_id",
            "service_date",
            "number",
            name=op.f("uq_plan_branch_id_service_date_number"),
        ),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_plan_run_id"), ["plan_run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_service_date"), ["service_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_plan_published",
            ["branch_id", "service_date"],
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )

    op.create_table(
        "qualification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "certificate",
                "training",
                "authorisation",
                name="qualificationkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("lender_id", sa.Uuid(), nullable=True),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("revoked_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agent.id"], name=op.f("fk_qualification_agent_id")
        ),
        sa.ForeignKeyConstraint(
            ["lender_id"], ["lender.id"], name=op.f("fk_qualification_lender_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification")),
        sa.UniqueConstraint(
            "agent_id",
            "kind",
            "lender_id",
            "number",
            name=op.f("uq_qualification_agent_id_kind_lender_id_number"),
        ),
    )
    with op.batch_alter_table("qualification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_qualification_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_qualification_lender_id"), ["lender_id"], unique=False
        )

    op.create_table(
        "shift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("starts_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("break_from_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("break_until_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("max_visits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_shift_agent_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_shift_branch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
        sa.UniqueConstraint("agent_id", "starts_at", name=op.f("uq_shift_agent_id_starts_at")),
    )
    with op.batch_alter_table("shift", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shift_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shift_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shift_service_date"), ["service_date"], unique=False)

    op.create_table(
        "account_branch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_branch_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_account_branch_branch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_branch")),
        sa.UniqueConstraint(
            "account_id", "branch_id", name=op.f("uq_account_branch_account_id_branch_id")
        ),
    )
    with op.batch_alter_table("account_branch", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_branch_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_account_branch_branch_id"), ["branch_id"], unique=False
        )

    op.create_table(
        "approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "visit",
                "relaxation",
                "incomplete_plan",
                name="approvalkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=False),
        sa.Column("second_approver_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["account.id"], name=op.f("fk_approval_approver_id")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_approval_branch_id")),
        sa.ForeignKeyConstraint(["case_id"], ["loan_case.id"], name=op.f("fk_approval_case_id")),
        sa.ForeignKeyConstraint(
            ["second_approver_id"], ["account.id"], name=op.f("fk_approval_second_approver_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_approver_id"), ["approver_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_approval_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_approval_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_approval_second_approver_id"), ["second_approver_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_approval_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "crew_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("crew_version_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_crew_member_agent_id")),
        sa.ForeignKeyConstraint(
            ["crew_version_id"], ["crew_version.id"], name=op.f("fk_crew_member_crew_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crew_member")),
        sa.UniqueConstraint(
            "crew_version_id", "agent_id", name=op.f("uq_crew_member_crew_version_id_agent_id")
        ),
    )
    with op.batch_alter_table("crew_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_crew_member_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_crew_member_crew_version_id"), ["crew_version_id"], unique=False
        )

    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("registered_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("last_sequence", sa.Integer(), nullable=False),
        sa.Column("last_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_device_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_account_id"), ["account_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "manager",
                "agent",
                "auditor",
                "service",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("expires_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_invitation_agent_id")),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_invitation_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["account.id"], name=op.f("fk_invitation_invited_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_invited_by"), ["invited_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_login"), ["login"], unique=False)

    op.create_table(
        "refresh_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("issued_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("used_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_refresh_token_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_token_token_hash")),
    )
    with op.batch_alter_table("refresh_token", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_refresh_token_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_refresh_token_family_id"), ["family_id"], unique=False
        )

    op.create_table(
        "route",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("crew_id", sa.Uuid(), nullable=False),
        sa.Column("crew_version_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("travel_s", sa.Integer(), nullable=False),
        sa.Column("distance_m", sa.Integer(), nullable=False),
        sa.Column("breaks", sa.JSON(), nullable=False),
        sa.Column("geometry_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["crew_id"], ["crew.id"], name=op.f("fk_route_crew_id")),
        sa.ForeignKeyConstraint(
            ["crew_version_id"], ["crew_version.id"], name=op.f("fk_route_crew_version_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_route_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route")),
        sa.UniqueConstraint("plan_id", "crew_id", name=op.f("uq_route_plan_id_crew_id")),
    )
    with op.batch_alter_table("route", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_route_crew_id"), ["crew_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_route_crew_version_id"), ["crew_version_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_route_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "planned",
                "audited",
                "noticed",
                "confirmed",
                "unanswered",
                "released",
                "en_route",
                "arrived",
                "identity",
                "talk",
                "third_party",
                "no_one",
                "left",
                "reported",
                "reviewed",
                "closed",
                "cancelled",
                "aborted",
                name="visitstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("purpose", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("ground", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("pack_id", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("pack_version", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=True),
        sa.Column("earliest_on", sa.Date(), nullable=True),
        sa.Column("latest_on", sa.Date(), nullable=True),
        sa.Column("service_s", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("code_seed", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("times_declined_by_us", sa.Integer(), nullable=False),
        sa.Column("arrived_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("left_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("created_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approval.id"], name=op.f("fk_visit_approval_id")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_visit_branch_id")),
        sa.ForeignKeyConstraint(["case_id"], ["loan_case.id"], name=op.f("fk_visit_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_visit_person_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_visit_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("reference", name=op.f("uq_visit_reference")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_approval_id"), ["approval_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_place_id"), ["place_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_service_date"), ["service_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_state"), ["state"], unique=False)

    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "confirmed",
                "countered",
                "declined",
                "expired",
                "withdrawn",
                "kept",
                "missed_borrower",
                "missed_agent",
                name="appointmentstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("window_from_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("window_until_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("stay_from_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("stay_until_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("crew_id", sa.Uuid(), nullable=False),
        sa.Column("crew_version_id", sa.Uuid(), nullable=False),
        sa.Column("offered_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_appointment_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["loan_case.id"], name=op.f("fk_appointment_case_id")
        ),
        sa.ForeignKeyConstraint(["crew_id"], ["crew.id"], name=op.f("fk_appointment_crew_id")),
        sa.ForeignKeyConstraint(
            ["crew_version_id"], ["crew_version.id"], name=op.f("fk_appointment_crew_version_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_appointment_place_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_appointment_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("visit_id", "number", name=op.f("uq_appointment_visit_id_number")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_crew_id"), ["crew_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_appointment_crew_version_id"), ["crew_version_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_appointment_place_id"), ["place_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_appointment_service_date"), ["service_date"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_appointment_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "check_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "en_route",
                "arrived",
                "identity",
                "talk",
                "third_party",
                "no_one",
                "asked_to_leave",
                "left",
                "duress",
                "safe",
                name="checkinkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("occurred_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("received_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("raw_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("raw_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("distance_m", sa.Integer(), nullable=True),
        sa.Column("accuracy_m", sa.Integer(), nullable=True),
        sa.Column("is_near", sa.Boolean(), nullable=True),
        sa.Column("is_incident", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_check_in_account_id")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_check_in_agent_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_check_in_branch_id")),
        sa.ForeignKeyConstraint(["case_id"], ["loan_case.id"], name=op.f("fk_check_in_case_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_check_in_device_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_check_in_person_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_check_in_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
    )
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_in_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_check_in_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_check_in_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_check_in_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_check_in_device_id"), ["device_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_check_in_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_check_in_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "complaint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("about_agent_id", sa.Uuid(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "acknowledged",
                "assigned",
                "investigating",
                "upheld",
                "partly",
                "rejected",
                "remedied",
                "told",
                "closed",
                "escalated",
                name="complaintstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("handler_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("due_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["about_agent_id"], ["agent.id"], name=op.f("fk_complaint_about_agent_id")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_complaint_branch_id")),
        sa.ForeignKeyConstraint(["case_id"], ["loan_case.id"], name=op.f("fk_complaint_case_id")),
        sa.ForeignKeyConstraint(
            ["handler_id"], ["account.id"], name=op.f("fk_complaint_handler_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_complaint_person_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_complaint_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_complaint_about_agent_id"), ["about_agent_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_complaint_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_handler_id"), ["handler_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "closed",
                name="incidentstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("opened_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("remedy", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_incident_branch_id")),
        sa.ForeignKeyConstraint(["case_id"], ["loan_case.id"], name=op.f("fk_incident_case_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_incident_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_source_id"), ["source_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "outcome",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "report",
                "witness",
                name="reportrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "code",
            sa.Enum(
                "PAID_FULL",
                "PAID_PART",
                "PTP",
                "PLAN_SIGNED",
                "PLAN_REQUEST",
                "HARDSHIP",
                "DISPUTE",
                "ALREADY_PAID",
                "REFUSED_PAY",
                "DECLINED_TALK",
                "RESCHEDULE",
                "STOP_VISITS",
                "STOP_ALL",
                "REPRESENTED",
                "COMPLAINT",
                "DISTRESS",
                "VULNERABLE",
                "LANGUAGE",
                "ID_UNVERIFIED",
                "TP_ABSENT",
                "TP_UNKNOWN",
                "TP_MOVED",
                "TP_DECEASED",
                "TP_AWAY",
                "TP_OBJECTS",
                "MINOR_ONLY",
                "NO_ANSWER",
                "NO_ACCESS",
                "BAD_ADDRESS",
                "VACANT",
                "APPT_MISSED_B",
                "WORK_BARRED",
                "ABORT_SAFETY",
                "INCIDENT",
                "ABORT_POLICY",
                "ABORT_LATE",
                "PAID_EN_ROUTE",
                "HOLD_EN_ROUTE",
                "CANCELLED_B",
                "CANCELLED_L",
                name="outcomecode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column(
            "attitude",
            sa.Enum(
                "cooperative",
                "neutral",
                "reluctant",
                "upset",
                "hostile",
                name="attitude",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "willingness",
            sa.Enum(
                "willing",
                "willing_if_plan",
                "unsure",
                "unwilling",
                "not_discussed",
                name="willingness",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "ability",
            sa.Enum(
                "adequate",
                "partial",
                "none_now",
                "unknown",
                name="ability",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("raw_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("raw_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("occurred_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("received_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("previous_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("amends_id", sa.Uuid(), nullable=True),
        sa.Column("is_incident", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_outcome_account_id")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_outcome_agent_id")),
        sa.ForeignKeyConstraint(["amends_id"], ["outcome.id"], name=op.f("fk_outcome_amends_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_outcome_branch_id")),
        sa.ForeignKeyConstraint(["case_id"], ["loan_case.id"], name=op.f("fk_outcome_case_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_outcome_device_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outcome_person_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_outcome_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
    )
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_amends_id"), ["amends_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_code"), ["code"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_device_id"), ["device_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "unserved",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_unserved_plan_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_unserved_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unserved")),
        sa.UniqueConstraint("plan_id", "visit_id", name=op.f("uq_unserved_plan_id_visit_id")),
    )
    with op.batch_alter_table("unserved", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unserved_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_unserved_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("option", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("terms_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "read_back",
                "signed",
                "performing",
                "completed",
                "defaulted",
                "withdrawn",
                name="agreementstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("drafted_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("cooling_off_until", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("copy_sent_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_agreement_branch_id")),
        sa.ForeignKeyConstraint(["case_id"], ["loan_case.id"], name=op.f("fk_agreement_case_id")),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcome.id"], name=op.f("fk_agreement_outcome_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_agreement_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_outcome_id"), ["outcome_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_state"), ["state"], unique=False)

    op.create_table(
        "commitment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("from_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("until_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_commitment_agent_id")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_commitment_appointment_id")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_commitment_branch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint(
            "appointment_id", "agent_id", name=op.f("uq_commitment_appointment_id_agent_id")
        ),
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitment_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_commitment_appointment_id"), ["appointment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_commitment_branch_id"), ["branch_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_number", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "announcement",
                "reminder",
                "correction",
                "cancellation",
                "apology",
                "receipt",
                name="noticekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "drafted",
                "checked",
                "sending",
                "sent",
                "unknown",
                "delivered",
                "opened",
                "failed",
                "replaced",
                "suppressed",
                "superseded",
                "expired",
                name="noticestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("dedup_key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "email",
                "sms",
                "letter",
                "phone_desk",
                name="noticechannel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("contact_point_id", sa.Uuid(), nullable=True),
        sa.Column("content_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("crew_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("drafted_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("send_after_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("delivered_proof", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("opened_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("failure", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.Column("guesses", sa.Integer(), nullable=False),
        sa.Column("locked_until", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_notice_appointment_id")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_notice_branch_id")),
        sa.ForeignKeyConstraint(["case_id"], ["loan_case.id"], name=op.f("fk_notice_case_id")),
        sa.ForeignKeyConstraint(
            ["contact_point_id"], ["contact_point.id"], name=op.f("fk_notice_contact_point_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_notice_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_notice_dedup_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_notice_token_hash")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notice_appointment_id"), ["appointment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_notice_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_notice_contact_point_id"), ["contact_point_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_notice_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_notice_send_after_at"), ["send_after_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_notice_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "outcome_variant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("raw_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("raw_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("received_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_outcome_variant_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_outcome_variant_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcome.id"], name=op.f("fk_outcome_variant_outcome_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_variant")),
        sa.UniqueConstraint(
            "outcome_id", "raw_hash", name=op.f("uq_outcome_variant_outcome_id_raw_hash")
        ),
    )
    with op.batch_alter_table("outcome_variant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outcome_variant_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_outcome_variant_branch_id"), ["branch_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_outcome_variant_outcome_id"), ["outcome_id"], unique=False
        )

    op.create_table(
        "promise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=True),
        sa.Column("amount_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "recorded",
                "due",
                "grace",
                "kept",
                "part",
                "broken",
                "renegotiated",
                "void",
                name="promisestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("break_reason", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("recorded_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_promise_branch_id")),
        sa.ForeignKeyConstraint(["case_id"], ["loan_case.id"], name=op.f("fk_promise_case_id")),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcome.id"], name=op.f("fk_promise_outcome_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_promise_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_promise_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_promise_outcome_id"), ["outcome_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_promise_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_promise_state"), ["state"], unique=False)

    op.create_table(
        "stop",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("route_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("arrive_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("leave_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("window_from_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("window_until_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("travel_s", sa.Integer(), nullable=False),
        sa.Column("distance_m", sa.Integer(), nullable=False),
        sa.Column("wait_s", sa.Integer(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("is_estimated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_stop_appointment_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_stop_plan_id")),
        sa.ForeignKeyConstraint(["route_id"], ["route.id"], name=op.f("fk_stop_route_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_stop_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop")),
        sa.UniqueConstraint("plan_id", "visit_id", name=op.f("uq_stop_plan_id_visit_id")),
        sa.UniqueConstraint("route_id", "position", name=op.f("uq_stop_route_id_position")),
    )
    with op.batch_alter_table("stop", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stop_appointment_id"), ["appointment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_stop_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stop_route_id"), ["route_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stop_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "commitment_cell",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("from_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("commitment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agent.id"], name=op.f("fk_commitment_cell_agent_id")
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["commitment.id"],
            name=op.f("fk_commitment_cell_commitment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agent_id", "from_at", name=op.f("pk_commitment_cell")),
    )
    with op.batch_alter_table("commitment_cell", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_commitment_cell_commitment_id"), ["commitment_id"], unique=False
        )

    op.create_table(
        "payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("lender_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("amount_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("promise_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=op.f("fk_payment_branch_id")),
        sa.ForeignKeyConstraint(["case_id"], ["loan_case.id"], name=op.f("fk_payment_case_id")),
        sa.ForeignKeyConstraint(["lender_id"], ["lender.id"], name=op.f("fk_payment_lender_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_payment_person_id")),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promise.id"], name=op.f("fk_payment_promise_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("lender_id", "number", name=op.f("uq_payment_lender_id_number")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_lender_id"), ["lender_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_promise_id"), ["promise_id"], unique=False)

    op.create_table(
        "send_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "started",
                "accepted",
                "rejected",
                "unknown",
                name="sendstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_at", dispatch.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", dispatch.db.UTCDateTime(timezone=True), nullable=True),
        sa.Column("provider", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("provider_id", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("detail", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branch.id"], name=op.f("fk_send_attempt_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_send_attempt_notice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_send_attempt")),
        sa.UniqueConstraint("notice_id", "number", name=op.f("uq_send_attempt_notice_id_number")),
    )
    with op.batch_alter_table("send_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_send_attempt_branch_id"), ["branch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_send_attempt_notice_id"), ["notice_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_send_attempt_provider_id"), ["provider_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_send_attempt_state"), ["state"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        # No btree_gist needed: a one-element range of the agent's id overlaps only itself.
        op.execute("CREATE TYPE uuidrange AS RANGE (subtype = uuid)")
        op.execute(
            "ALTER TABLE commitment ADD CONSTRAINT ex_commitment_agent_id EXCLUDE USING gist "
            "(uuidrange(agent_id, agent_id, '[]') WITH &&, tstzrange(from_at, until_at) WITH &&)"
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("send_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_send_attempt_state"))
        batch_op.drop_index(batch_op.f("ix_send_attempt_provider_id"))
        batch_op.drop_index(batch_op.f("ix_send_attempt_notice_id"))
        batch_op.drop_index(batch_op.f("ix_send_attempt_branch_id"))

    op.drop_table("send_attempt")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_promise_id"))
        batch_op.drop_index(batch_op.f("ix_payment_person_id"))
        batch_op.drop_index(batch_op.f("ix_payment_lender_id"))
        batch_op.drop_index(batch_op.f("ix_payment_case_id"))
        batch_op.drop_index(batch_op.f("ix_payment_branch_id"))

    op.drop_table("payment")
    with op.batch_alter_table("commitment_cell", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_cell_commitment_id"))

    op.drop_table("commitment_cell")
    with op.batch_alter_table("stop", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stop_visit_id"))
        batch_op.drop_index(batch_op.f("ix_stop_route_id"))
        batch_op.drop_index(batch_op.f("ix_stop_plan_id"))
        batch_op.drop_index(batch_op.f("ix_stop_appointment_id"))

    op.drop_table("stop")
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promise_state"))
        batch_op.drop_index(batch_op.f("ix_promise_person_id"))
        batch_op.drop_index(batch_op.f("ix_promise_outcome_id"))
        batch_op.drop_index(batch_op.f("ix_promise_case_id"))
        batch_op.drop_index(batch_op.f("ix_promise_branch_id"))

    op.drop_table("promise")
    with op.batch_alter_table("outcome_variant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcome_variant_outcome_id"))
        batch_op.drop_index(batch_op.f("ix_outcome_variant_branch_id"))
        batch_op.drop_index(batch_op.f("ix_outcome_variant_account_id"))

    op.drop_table("outcome_variant")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_visit_id"))
        batch_op.drop_index(batch_op.f("ix_notice_state"))
        batch_op.drop_index(batch_op.f("ix_notice_send_after_at"))
        batch_op.drop_index(batch_op.f("ix_notice_person_id"))
        batch_op.drop_index(batch_op.f("ix_notice_contact_point_id"))
        batch_op.drop_index(batch_op.f("ix_notice_case_id"))
        batch_op.drop_index(batch_op.f("ix_notice_branch_id"))
        batch_op.drop_index(batch_op.f("ix_notice_appointment_id"))

    op.drop_table("notice")
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_branch_id"))
        batch_op.drop_index(batch_op.f("ix_commitment_appointment_id"))
        batch_op.drop_index(batch_op.f("ix_commitment_agent_id"))

    op.drop_table("commitment")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_state"))
        batch_op.drop_index(batch_op.f("ix_agreement_person_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_outcome_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_case_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_branch_id"))

    op.drop_table("agreement")
    with op.batch_alter_table("unserved", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unserved_visit_id"))
        batch_op.drop_index(batch_op.f("ix_unserved_plan_id"))

    op.drop_table("unserved")
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcome_visit_id"))
        batch_op.drop_index(batch_op.f("ix_outcome_person_id"))
        batch_op.drop_index(batch_op.f("ix_outcome_device_id"))
        batch_op.drop_index(batch_op.f("ix_outcome_code"))
        batch_op.drop_index(batch_op.f("ix_outcome_case_id"))
        batch_op.drop_index(batch_op.f("ix_outcome_branch_id"))
        batch_op.drop_index(batch_op.f("ix_outcome_amends_id"))
        batch_op.drop_index(batch_op.f("ix_outcome_agent_id"))
        batch_op.drop_index(batch_op.f("ix_outcome_account_id"))

    op.drop_table("outcome")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_visit_id"))
        batch_op.drop_index(batch_op.f("ix_incident_source_id"))
        batch_op.drop_index(batch_op.f("ix_incident_kind"))
        batch_op.drop_index(batch_op.f("ix_incident_case_id"))
        batch_op.drop_index(batch_op.f("ix_incident_branch_id"))

    op.drop_table("incident")
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_visit_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_state"))
        batch_op.drop_index(batch_op.f("ix_complaint_person_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_handler_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_case_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_branch_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_about_agent_id"))

    op.drop_table("complaint")
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_check_in_visit_id"))
        batch_op.drop_index(batch_op.f("ix_check_in_person_id"))
        batch_op.drop_index(batch_op.f("ix_check_in_device_id"))
        batch_op.drop_index(batch_op.f("ix_check_in_case_id"))
        batch_op.drop_index(batch_op.f("ix_check_in_branch_id"))
        batch_op.drop_index(batch_op.f("ix_check_in_agent_id"))
        batch_op.drop_index(batch_op.f("ix_check_in_account_id"))

    op.drop_table("check_in")
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_visit_id"))
        batch_op.drop_index(batch_op.f("ix_appointment_state"))
        batch_op.drop_index(batch_op.f("ix_appointment_service_date"))
        batch_op.drop_index(batch_op.f("ix_appointment_place_id"))
        batch_op.drop_index(batch_op.f("ix_appointment_crew_version_id"))
        batch_op.drop_index(batch_op.f("ix_appointment_crew_id"))
        batch_op.drop_index(batch_op.f("ix_appointment_case_id"))
        batch_op.drop_index(batch_op.f("ix_appointment_branch_id"))

    op.drop_table("appointment")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_state"))
        batch_op.drop_index(batch_op.f("ix_visit_service_date"))
        batch_op.drop_index(batch_op.f("ix_visit_place_id"))
        batch_op.drop_index(batch_op.f("ix_visit_person_id"))
        batch_op.drop_index(batch_op.f("ix_visit_case_id"))
        batch_op.drop_index(batch_op.f("ix_visit_branch_id"))
        batch_op.drop_index(batch_op.f("ix_visit_approval_id"))

    op.drop_table("visit")
    with op.batch_alter_table("route", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_route_plan_id"))
        batch_op.drop_index(batch_op.f("ix_route_crew_version_id"))
        batch_op.drop_index(batch_op.f("ix_route_crew_id"))

    op.drop_table("route")
    with op.batch_alter_table("refresh_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refresh_token_family_id"))
        batch_op.drop_index(batch_op.f("ix_refresh_token_account_id"))

    op.drop_table("refresh_token")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_login"))
        batch_op.drop_index(batch_op.f("ix_invitation_invited_by"))
        batch_op.drop_index(batch_op.f("ix_invitation_branch_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_agent_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_device_account_id"))

    op.drop_table("device")
    with op.batch_alter_table("crew_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_crew_member_crew_version_id"))
        batch_op.drop_index(batch_op.f("ix_crew_member_agent_id"))

    op.drop_table("crew_member")
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_subject_id"))
        batch_op.drop_index(batch_op.f("ix_approval_second_approver_id"))
        batch_op.drop_index(batch_op.f("ix_approval_case_id"))
        batch_op.drop_index(batch_op.f("ix_approval_branch_id"))
        batch_op.drop_index(batch_op.f("ix_approval_approver_id"))

    op.drop_table("approval")
    with op.batch_alter_table("account_branch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_branch_branch_id"))
        batch_op.drop_index(batch_op.f("ix_account_branch_account_id"))

    op.drop_table("account_branch")
    with op.batch_alter_table("shift", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shift_service_date"))
        batch_op.drop_index(batch_op.f("ix_shift_branch_id"))
        batch_op.drop_index(batch_op.f("ix_shift_agent_id"))

    op.drop_table("shift")
    with op.batch_alter_table("qualification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_qualification_lender_id"))
        batch_op.drop_index(batch_op.f("ix_qualification_agent_id"))

    op.drop_table("qualification")
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_plan_published",
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )
        batch_op.drop_index(batch_op.f("ix_plan_state"))
        batch_op.drop_index(batch_op.f("ix_plan_service_date"))
        batch_op.drop_index(batch_op.f("ix_plan_plan_run_id"))
        batch_op.drop_index(batch_op.f("ix_plan_branch_id"))

    op.drop_table("plan")
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hold_state"))
        batch_op.drop_index(batch_op.f("ix_hold_source_id"))
        batch_op.drop_index(batch_op.f("ix_hold_place_id"))
        batch_op.drop_index(batch_op.f("ix_hold_person_id"))
        batch_op.drop_index(batch_op.f("ix_hold_kind"))
        batch_op.drop_index(batch_op.f("ix_hold_case_id"))
        batch_op.drop_index(batch_op.f("ix_hold_branch_id"))

    op.drop_table("hold")
    with op.batch_alter_table("crew_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_crew_version_members_hash"))
        batch_op.drop_index(batch_op.f("ix_crew_version_crew_id"))

    op.drop_table("crew_version")
    with op.batch_alter_table("contact_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_attempt_person_id"))
        batch_op.drop_index(batch_op.f("ix_contact_attempt_occurred_at"))
        batch_op.drop_index(batch_op.f("ix_contact_attempt_lender_id"))
        batch_op.drop_index(batch_op.f("ix_contact_attempt_case_id"))
        batch_op.drop_index(batch_op.f("ix_contact_attempt_branch_id"))

    op.drop_table("contact_attempt")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_place_id"))
        batch_op.drop_index(batch_op.f("ix_consent_person_id"))
        batch_op.drop_index(batch_op.f("ix_consent_case_id"))

    op.drop_table("consent")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_person_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_case_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_branch_id"))

    op.drop_table("assessment")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_role"))
        batch_op.drop_index(batch_op.f("ix_account_agent_id"))

    op.drop_table("account")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_branch_id"))
        batch_op.drop_index(batch_op.f("ix_absence_agent_id"))

    op.drop_table("absence")
    with op.batch_alter_table("switch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_switch_name"))
        batch_op.drop_index(batch_op.f("ix_switch_branch_id"))

    op.drop_table("switch")
    with op.batch_alter_table("plan_run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_plan_run_open",
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )
        batch_op.drop_index(batch_op.f("ix_plan_run_state"))
        batch_op.drop_index(batch_op.f("ix_plan_run_from_on"))
        batch_op.drop_index(batch_op.f("ix_plan_run_branch_id"))

    op.drop_table("plan_run")
    with op.batch_alter_table("loan_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_loan_case_stage"))
        batch_op.drop_index(batch_op.f("ix_loan_case_place_id"))
        batch_op.drop_index(batch_op.f("ix_loan_case_person_id"))
        batch_op.drop_index(batch_op.f("ix_loan_case_lender_id"))
        batch_op.drop_index(batch_op.f("ix_loan_case_branch_id"))

    op.drop_table("loan_case")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_file_hash"))
        batch_op.drop_index(batch_op.f("ix_import_batch_branch_id"))

    op.drop_table("import_batch")
    with op.batch_alter_table("holiday", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_holiday_branch_id"))

    op.drop_table("holiday")
    with op.batch_alter_table("geocode_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_geocode_entry_branch_id"))

    op.drop_table("geocode_entry")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_subject_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_sequence"))
        batch_op.drop_index(batch_op.f("ix_evidence_person_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_kind"))
        batch_op.drop_index(batch_op.f("ix_evidence_case_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_branch_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("duty_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_run_state"))
        batch_op.drop_index(batch_op.f("ix_duty_run_duty"))
        batch_op.drop_index(batch_op.f("ix_duty_run_business_date"))
        batch_op.drop_index(batch_op.f("ix_duty_run_branch_id"))

    op.drop_table("duty_run")
    with op.batch_alter_table("crew", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_crew_service_date"))
        batch_op.drop_index(batch_op.f("ix_crew_branch_id"))

    op.drop_table("crew")
    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agent_state"))
        batch_op.drop_index(batch_op.f("ix_agent_branch_id"))

    op.drop_table("agent")
    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_branch_agency_id"))

    op.drop_table("branch")
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_place_person_id"))
        batch_op.drop_index(batch_op.f("ix_place_location"))

    op.drop_table("place")
    with op.batch_alter_table("contact_point", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_point_value_index"))
        batch_op.drop_index(batch_op.f("ix_contact_point_person_id"))

    op.drop_table("contact_point")
    with op.batch_alter_table("cap_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cap_entry_source_id"))
        batch_op.drop_index(batch_op.f("ix_cap_entry_person_id"))
        batch_op.drop_index(batch_op.f("ix_cap_entry_case_id"))
        batch_op.drop_index(batch_op.f("ix_cap_entry_at"))

    op.drop_table("cap_entry")
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agency_lender_id"))

    op.drop_table("agency")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_name_index"))

    op.drop_table("person")
    op.drop_table("lender")
    op.drop_table("heartbeat")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TYPE uuidrange")
