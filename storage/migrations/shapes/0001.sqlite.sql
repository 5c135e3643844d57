CREATE TABLE data_key (
	id INTEGER NOT NULL,
	wrapped BLOB,
	wrapping_key TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	destroyed_at INTEGER,
	CONSTRAINT pk_data_key PRIMARY KEY (id),
	CONSTRAINT ck_data_key_destroyed_means_empty CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
)
 STRICT;

CREATE TABLE institution (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	state TEXT NOT NULL,
	credit_code TEXT,
	licence TEXT,
	town TEXT,
	address TEXT,
	principal TEXT,
	phone TEXT,
	students INTEGER,
	unused_yuan INTEGER,
	account_yuan INTEGER,
	fund_mode TEXT NOT NULL,
	covered INTEGER,
	funds_fully_covered INTEGER,
	risk_level TEXT NOT NULL,
	"plan" TEXT,
	progress TEXT,
	merged_into_id INTEGER,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	version INTEGER DEFAULT '1' NOT NULL,
	CONSTRAINT pk_institution PRIMARY KEY (id),
	CONSTRAINT ck_institution_kind_known CHECK (kind IN ('subject', 'preschool', 'art', 'sport', 'sci', 'unknown')),
	CONSTRAINT ck_institution_state_known CHECK (state IN ('operating', 'suspended', 'deregistered', 'unregistered', 'unknown')),
	CONSTRAINT ck_institution_fund_mode_known CHECK (fund_mode IN ('bank_custody', 'risk_deposit', 'unsupervised', 'unknown')),
	CONSTRAINT ck_institution_risk_level_known CHECK (risk_level IN ('none', 'low', 'medium', 'high')),
	CONSTRAINT ck_institution_not_into_itself CHECK (merged_into_id IS NULL OR merged_into_id <> id),
	CONSTRAINT uq_institution_credit_code UNIQUE (credit_code),
	CONSTRAINT fk_institution_merged_into_id FOREIGN KEY(merged_into_id) REFERENCES institution (id)
)
 STRICT;

CREATE TABLE number_series (
	day TEXT NOT NULL,
	last INTEGER NOT NULL,
	CONSTRAINT pk_number_series PRIMARY KEY (day)
)
 STRICT;

CREATE TABLE stat_basis (
	id INTEGER NOT NULL,
	calendar TEXT NOT NULL,
	definitions TEXT NOT NULL,
	CONSTRAINT pk_stat_basis PRIMARY KEY (id)
)
 STRICT;

CREATE TABLE stat_cell (
	chunk_id INTEGER NOT NULL,
	numbers BLOB NOT NULL,
	CONSTRAINT pk_stat_cell PRIMARY KEY (chunk_id)
)
 STRICT;

CREATE TABLE stat_chunk (
	id INTEGER NOT NULL,
	month INTEGER NOT NULL,
	department TEXT NOT NULL,
	settled INTEGER NOT NULL,
	open INTEGER NOT NULL,
	started_from INTEGER NOT NULL,
	started_until INTEGER NOT NULL,
	due_from INTEGER NOT NULL,
	due_until INTEGER NOT NULL,
	stale INTEGER NOT NULL,
	CONSTRAINT pk_stat_chunk PRIMARY KEY (id),
	CONSTRAINT uq_stat_chunk_month_department UNIQUE (month, department)
)
 STRICT;

CREATE INDEX ix_stat_chunk_stale ON stat_chunk (id) WHERE stale = 1;

CREATE TABLE stat_fact (
	chunk_id INTEGER NOT NULL,
	report_id INTEGER NOT NULL,
	assignment_id INTEGER NOT NULL,
	part INTEGER NOT NULL,
	category INTEGER NOT NULL,
	town INTEGER NOT NULL,
	level INTEGER NOT NULL,
	channel INTEGER NOT NULL,
	source INTEGER NOT NULL,
	nature INTEGER NOT NULL,
	officer INTEGER NOT NULL,
	flags INTEGER NOT NULL,
	satisfaction INTEGER NOT NULL,
	work_base INTEGER NOT NULL,
	started INTEGER NOT NULL,
	sign_due INTEGER NOT NULL,
	contact_due INTEGER NOT NULL,
	due INTEGER NOT NULL,
	due_original INTEGER NOT NULL,
	paused_since INTEGER NOT NULL,
	sign_clock INTEGER NOT NULL,
	sign_work INTEGER NOT NULL,
	first_clock INTEGER NOT NULL,
	first_work INTEGER NOT NULL,
	reply_clock INTEGER NOT NULL,
	reply_work INTEGER NOT NULL,
	close_clock INTEGER NOT NULL,
	close_work INTEGER NOT NULL,
	held_clock INTEGER NOT NULL,
	held_work INTEGER NOT NULL,
	paused_clock INTEGER NOT NULL,
	paused_work INTEGER NOT NULL,
	CONSTRAINT pk_stat_fact PRIMARY KEY (chunk_id, report_id, assignment_id)
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX ix_stat_fact_report ON stat_fact (report_id);

CREATE TABLE stat_name (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	CONSTRAINT pk_stat_name PRIMARY KEY (id),
	CONSTRAINT uq_stat_name_name UNIQUE (name)
)
 STRICT;

CREATE TABLE stat_pack (
	chunk_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	numbers BLOB NOT NULL,
	CONSTRAINT pk_stat_pack PRIMARY KEY (chunk_id, name)
)
 STRICT;

CREATE TABLE stat_stale (
	report_id INTEGER NOT NULL,
	marks INTEGER NOT NULL,
	CONSTRAINT pk_stat_stale PRIMARY KEY (report_id)
)
 STRICT;

CREATE TABLE addressee (
	id INTEGER NOT NULL,
	channel TEXT NOT NULL,
	address_index BLOB NOT NULL,
	address BLOB,
	data_key_id INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	gone_at INTEGER,
	CONSTRAINT pk_addressee PRIMARY KEY (id),
	CONSTRAINT uq_addressee_channel_address_index UNIQUE (channel, address_index),
	CONSTRAINT fk_addressee_data_key_id FOREIGN KEY(data_key_id) REFERENCES data_key (id)
)
 STRICT;

CREATE TABLE institution_alias (
	id INTEGER NOT NULL,
	institution_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	folded TEXT NOT NULL,
	CONSTRAINT pk_institution_alias PRIMARY KEY (id),
	CONSTRAINT fk_institution_alias_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id),
	CONSTRAINT uq_institution_alias_folded UNIQUE (folded)
)
 STRICT;

CREATE INDEX ix_institution_alias_institution ON institution_alias (institution_id);

CREATE TABLE draft (
	addressee_id INTEGER NOT NULL,
	version INTEGER NOT NULL,
	content BLOB NOT NULL,
	updated_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	CONSTRAINT pk_draft PRIMARY KEY (addressee_id),
	CONSTRAINT ck_draft_version_counts CHECK (version >= 1),
	CONSTRAINT ck_draft_expires_later CHECK (expires_at > updated_at),
	CONSTRAINT fk_draft_addressee_id FOREIGN KEY(addressee_id) REFERENCES addressee (id)
)
 STRICT;

CREATE TABLE inbox (
	id INTEGER NOT NULL,
	channel TEXT NOT NULL,
	event_id TEXT NOT NULL,
	addressee_id INTEGER NOT NULL,
	payload BLOB,
	received_at INTEGER NOT NULL,
	tries INTEGER DEFAULT '0' NOT NULL,
	done_at INTEGER,
	outcome TEXT,
	CONSTRAINT pk_inbox PRIMARY KEY (id),
	CONSTRAINT uq_inbox_channel_event_id UNIQUE (channel, event_id),
	CONSTRAINT ck_inbox_outcome_known CHECK (outcome IN ('handled', 'failed')),
	CONSTRAINT ck_inbox_done_has_outcome CHECK ((done_at IS NULL) = (outcome IS NULL)),
	CONSTRAINT ck_inbox_unfinished_has_payload CHECK (done_at IS NOT NULL OR payload IS NOT NULL),
	CONSTRAINT fk_inbox_addressee_id FOREIGN KEY(addressee_id) REFERENCES addressee (id)
)
 STRICT;

CREATE INDEX ix_inbox_unfinished ON inbox (addressee_id, id) WHERE done_at IS NULL;

CREATE TABLE officer (
	id INTEGER NOT NULL,
	login TEXT NOT NULL,
	name TEXT NOT NULL,
	department TEXT NOT NULL,
	role TEXT NOT NULL,
	password_hash TEXT NOT NULL,
	must_change_password INTEGER NOT NULL,
	totp_secret BLOB,
	totp_key_id INTEGER,
	totp_step INTEGER,
	recovery_hashes TEXT NOT NULL,
	active INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	addressee_id INTEGER,
	CONSTRAINT pk_officer PRIMARY KEY (id),
	CONSTRAINT ck_officer_role_known CHECK (role IN ('citizen', 'clerk', 'officer', 'head', 'office', 'discipline', 'reader', 'system')),
	CONSTRAINT ck_officer_second_factor_has_key CHECK ((totp_secret IS NULL) = (totp_key_id IS NULL)),
	CONSTRAINT uq_officer_login UNIQUE (login),
	CONSTRAINT fk_officer_totp_key_id FOREIGN KEY(totp_key_id) REFERENCES data_key (id),
	CONSTRAINT fk_officer_addressee_id FOREIGN KEY(addressee_id) REFERENCES addressee (id)
)
 STRICT;

CREATE INDEX ix_officer_department ON officer (department);

CREATE TABLE report (
	id INTEGER NOT NULL,
	number TEXT NOT NULL,
	code_hash BLOB NOT NULL,
	source TEXT NOT NULL,
	channel TEXT NOT NULL,
	nature TEXT NOT NULL,
	category TEXT NOT NULL,
	secondary TEXT NOT NULL,
	regulator TEXT NOT NULL,
	level TEXT NOT NULL,
	status TEXT NOT NULL,
	sealed INTEGER NOT NULL,
	auto INTEGER NOT NULL,
	insufficient INTEGER DEFAULT '0' NOT NULL,
	about TEXT DEFAULT '[]' NOT NULL,
	self_check INTEGER DEFAULT '0' NOT NULL,
	town TEXT,
	institution_id INTEGER,
	reporter_id INTEGER,
	data_key_id INTEGER NOT NULL,
	story BLOB,
	facts BLOB,
	reading BLOB,
	story_digest BLOB NOT NULL,
	twin_id INTEGER,
	merged_into_id INTEGER,
	disposition TEXT,
	resolved TEXT,
	satisfaction INTEGER,
	escalated INTEGER DEFAULT '0' NOT NULL,
	redone INTEGER DEFAULT '0' NOT NULL,
	filed_at INTEGER NOT NULL,
	replied_at INTEGER,
	closed_at INTEGER,
	version INTEGER DEFAULT '1' NOT NULL,
	CONSTRAINT pk_report PRIMARY KEY (id),
	CONSTRAINT ck_report_source_known CHECK (source IN ('chat', 'hotline', 'phone', 'visit', 'patrol', 'superior')),
	CONSTRAINT ck_report_nature_known CHECK (nature IN ('T', 'C', 'Q', 'G')),
	CONSTRAINT ck_report_level_known CHECK (level IN ('P0', 'P1', 'P2', 'P3')),
	CONSTRAINT ck_report_status_known CHECK (status IN ('received', 'triage', 'dispatched', 'need_info', 'handling', 'replied', 'closed', 'archived', 'rejected', 'merged', 'withdrawn', 'sealed')),
	CONSTRAINT ck_report_disposition_known CHECK (disposition IN ('substantiated_rectified', 'substantiated_penalized', 'closed_down', 'partly', 'unsubstantiated', 'insufficient', 'refund_done', 'mediated', 'mediation_failed', 'case_filed', 'transferred', 'duplicate', 'answered', 'withdrawn')),
	CONSTRAINT ck_report_satisfaction_in_range CHECK (satisfaction IS NULL OR satisfaction BETWEEN 1 AND 5),
	CONSTRAINT ck_report_resolved_known CHECK (resolved IN ('yes', 'partly', 'no')),
	CONSTRAINT ck_report_merged_has_main CHECK ((status = 'merged') = (merged_into_id IS NOT NULL)),
	CONSTRAINT ck_report_closed_has_time CHECK (status NOT IN ('closed', 'archived') OR closed_at IS NOT NULL),
	CONSTRAINT ck_report_closed_after_filed CHECK (closed_at IS NULL OR closed_at >= filed_at),
	CONSTRAINT uq_report_number UNIQUE (number),
	CONSTRAINT uq_report_code_hash UNIQUE (code_hash),
	CONSTRAINT fk_report_reporter_id FOREIGN KEY(reporter_id) REFERENCES addressee (id),
	CONSTRAINT fk_report_data_key_id FOREIGN KEY(data_key_id) REFERENCES data_key (id),
	CONSTRAINT fk_report_twin_id FOREIGN KEY(twin_id) REFERENCES report (id),
	CONSTRAINT fk_report_merged_into_id FOREIGN KEY(merged_into_id) REFERENCES report (id)
)
 STRICT;

CREATE INDEX ix_report_category ON report (category, id);

CREATE INDEX ix_report_filed ON report (filed_at);

CREATE INDEX ix_report_institution ON report (institution_id);

CREATE INDEX ix_report_merged ON report (merged_into_id) WHERE merged_into_id IS NOT NULL;

CREATE INDEX ix_report_reporter ON report (reporter_id);

CREATE INDEX ix_report_status ON report (status, filed_at);

CREATE INDEX ix_report_town ON report (town, id);

CREATE TABLE webhook (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	addressee_id INTEGER NOT NULL,
	kinds TEXT NOT NULL,
	told_until INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	ended_at INTEGER,
	CONSTRAINT pk_webhook PRIMARY KEY (id),
	CONSTRAINT uq_webhook_addressee_id UNIQUE (addressee_id),
	CONSTRAINT fk_webhook_addressee_id FOREIGN KEY(addressee_id) REFERENCES addressee (id)
)
 STRICT;

CREATE TABLE access (
	id INTEGER NOT NULL,
	officer_id INTEGER,
	role TEXT NOT NULL,
	report_id INTEGER,
	action TEXT NOT NULL,
	allowed INTEGER NOT NULL,
	reason TEXT,
	at INTEGER NOT NULL,
	previous_hash BLOB NOT NULL,
	hash BLOB NOT NULL,
	CONSTRAINT pk_access PRIMARY KEY (id),
	CONSTRAINT ck_access_role_known CHECK (role IN ('citizen', 'clerk', 'officer', 'head', 'office', 'discipline', 'reader', 'system')),
	CONSTRAINT fk_access_officer_id FOREIGN KEY(officer_id) REFERENCES officer (id),
	CONSTRAINT fk_access_report_id FOREIGN KEY(report_id) REFERENCES report (id),
	CONSTRAINT uq_access_hash UNIQUE (hash)
)
 STRICT;

CREATE INDEX ix_access_report ON access (report_id);

CREATE TABLE api_token (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	token_hash BLOB NOT NULL,
	scopes TEXT NOT NULL,
	department TEXT,
	made_by INTEGER,
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	revoked_at INTEGER,
	CONSTRAINT pk_api_token PRIMARY KEY (id),
	CONSTRAINT ck_api_token_expires_later CHECK (expires_at > created_at),
	CONSTRAINT uq_api_token_token_hash UNIQUE (token_hash),
	CONSTRAINT fk_api_token_made_by FOREIGN KEY(made_by) REFERENCES officer (id)
)
 STRICT;

CREATE TABLE assignment (
	id INTEGER NOT NULL,
	report_id INTEGER NOT NULL,
	department TEXT NOT NULL,
	part TEXT NOT NULL,
	status TEXT NOT NULL,
	officer_id INTEGER,
	dispatched_at INTEGER NOT NULL,
	claimed_at INTEGER,
	contacted_at INTEGER,
	submitted_at INTEGER,
	done_at INTEGER,
	ended_at INTEGER,
	designated INTEGER DEFAULT '0' NOT NULL,
	waived INTEGER DEFAULT '0' NOT NULL,
	returns INTEGER DEFAULT '0' NOT NULL,
	status_before_return TEXT,
	disposition TEXT,
	version INTEGER DEFAULT '1' NOT NULL,
	CONSTRAINT pk_assignment PRIMARY KEY (id),
	CONSTRAINT ck_assignment_part_known CHECK (part IN ('lead', 'assist')),
	CONSTRAINT ck_assignment_status_known CHECK (status IN ('pending_sign', 'return_review', 'returned', 'claimed', 'working', 'submitted', 'done', 'reassigned')),
	CONSTRAINT ck_assignment_disposition_known CHECK (disposition IN ('substantiated_rectified', 'substantiated_penalized', 'closed_down', 'partly', 'unsubstantiated', 'insufficient', 'refund_done', 'mediated', 'mediation_failed', 'case_filed', 'transferred', 'duplicate', 'answered', 'withdrawn')),
	CONSTRAINT ck_assignment_claimed_has_owner CHECK ((claimed_at IS NULL) = (officer_id IS NULL)),
	CONSTRAINT ck_assignment_worked_has_owner CHECK (status NOT IN ('claimed', 'working', 'submitted') OR officer_id IS NOT NULL),
	CONSTRAINT ck_assignment_ended_has_time CHECK ((status IN ('returned', 'done', 'reassigned')) = (ended_at IS NOT NULL)),
	CONSTRAINT ck_assignment_claimed_after_dispatched CHECK (claimed_at IS NULL OR claimed_at >= dispatched_at),
	CONSTRAINT ck_assignment_ended_after_dispatched CHECK (ended_at IS NULL OR ended_at >= dispatched_at),
	CONSTRAINT ck_assignment_returned_once CHECK (returns BETWEEN 0 AND 1),
	CONSTRAINT fk_assignment_report_id FOREIGN KEY(report_id) REFERENCES report (id),
	CONSTRAINT fk_assignment_officer_id FOREIGN KEY(officer_id) REFERENCES officer (id)
)
 STRICT;

CREATE INDEX ix_assignment_department ON assignment (department, report_id);

CREATE INDEX ix_assignment_open ON assignment (department, id) WHERE ended_at IS NULL;

CREATE INDEX ix_assignment_queue ON assignment (department, status, dispatched_at);

CREATE INDEX ix_assignment_report ON assignment (report_id);

CREATE UNIQUE INDEX uq_assignment_one_assist ON assignment (report_id, department) WHERE part = 'assist' AND ended_at IS NULL;

CREATE UNIQUE INDEX uq_assignment_one_lead ON assignment (report_id) WHERE part = 'lead' AND ended_at IS NULL;

CREATE TABLE binding_code (
	id INTEGER NOT NULL,
	officer_id INTEGER NOT NULL,
	code_hash BLOB NOT NULL,
	made_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	used_at INTEGER,
	CONSTRAINT pk_binding_code PRIMARY KEY (id),
	CONSTRAINT fk_binding_code_officer_id FOREIGN KEY(officer_id) REFERENCES officer (id),
	CONSTRAINT uq_binding_code_code_hash UNIQUE (code_hash)
)
 STRICT;

CREATE TABLE campaign (
	id INTEGER NOT NULL,
	year INTEGER NOT NULL,
	name TEXT NOT NULL,
	stages TEXT NOT NULL,
	departments TEXT NOT NULL,
	summary_due TEXT NOT NULL,
	inside_due TEXT NOT NULL,
	opened_by INTEGER,
	opened_at INTEGER NOT NULL,
	CONSTRAINT pk_campaign PRIMARY KEY (id),
	CONSTRAINT ck_campaign_inside_first CHECK (inside_due <= summary_due),
	CONSTRAINT uq_campaign_year UNIQUE (year),
	CONSTRAINT fk_campaign_opened_by FOREIGN KEY(opened_by) REFERENCES officer (id)
)
 STRICT;

CREATE TABLE covering (
	id INTEGER NOT NULL,
	digest BLOB NOT NULL,
	data_key_id INTEGER NOT NULL,
	boxes TEXT NOT NULL,
	drawn_by INTEGER NOT NULL,
	drawn_at INTEGER NOT NULL,
	CONSTRAINT pk_covering PRIMARY KEY (id),
	CONSTRAINT fk_covering_data_key_id FOREIGN KEY(data_key_id) REFERENCES data_key (id),
	CONSTRAINT fk_covering_drawn_by FOREIGN KEY(drawn_by) REFERENCES officer (id)
)
 STRICT;

CREATE INDEX ix_covering_key ON covering (data_key_id);

CREATE TABLE duty (
	day TEXT NOT NULL,
	department TEXT NOT NULL,
	officer_id INTEGER NOT NULL,
	CONSTRAINT pk_duty PRIMARY KEY (day, department, officer_id),
	CONSTRAINT fk_duty_officer_id FOREIGN KEY(officer_id) REFERENCES officer (id)
)
 STRICT;

CREATE TABLE export (
	id INTEGER NOT NULL,
	token TEXT NOT NULL,
	officer_id INTEGER NOT NULL,
	paper TEXT NOT NULL,
	title TEXT NOT NULL,
	state TEXT NOT NULL,
	done INTEGER DEFAULT '0' NOT NULL,
	total INTEGER NOT NULL,
	started_at INTEGER NOT NULL,
	moved_at INTEGER NOT NULL,
	CONSTRAINT pk_export PRIMARY KEY (id),
	CONSTRAINT ck_export_state_known CHECK (state IN ('running', 'ready', 'failed')),
	CONSTRAINT uq_export_token UNIQUE (token),
	CONSTRAINT fk_export_officer_id FOREIGN KEY(officer_id) REFERENCES officer (id)
)
 STRICT;

CREATE INDEX ix_export_officer ON export (officer_id, id);

CREATE TABLE identity (
	report_id INTEGER NOT NULL,
	data_key_id INTEGER NOT NULL,
	content BLOB,
	wants_reply INTEGER NOT NULL,
	may_disclose INTEGER NOT NULL,
	erased_at INTEGER,
	CONSTRAINT pk_identity PRIMARY KEY (report_id),
	CONSTRAINT ck_identity_erased_means_empty CHECK ((content IS NULL) = (erased_at IS NOT NULL)),
	CONSTRAINT fk_identity_report_id FOREIGN KEY(report_id) REFERENCES report (id),
	CONSTRAINT fk_identity_data_key_id FOREIGN KEY(data_key_id) REFERENCES data_key (id)
)
 STRICT;

CREATE TABLE inspection (
	id INTEGER NOT NULL,
	report_id INTEGER,
	institution_id INTEGER,
	inspected_at INTEGER NOT NULL,
	data_key_id INTEGER NOT NULL,
	content BLOB,
	recorded_by INTEGER NOT NULL,
	recorded_at INTEGER NOT NULL,
	CONSTRAINT pk_inspection PRIMARY KEY (id),
	CONSTRAINT fk_inspection_report_id FOREIGN KEY(report_id) REFERENCES report (id),
	CONSTRAINT fk_inspection_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id),
	CONSTRAINT fk_inspection_data_key_id FOREIGN KEY(data_key_id) REFERENCES data_key (id),
	CONSTRAINT fk_inspection_recorded_by FOREIGN KEY(recorded_by) REFERENCES officer (id)
)
 STRICT;

CREATE TABLE institution_change (
	id INTEGER NOT NULL,
	institution_id INTEGER NOT NULL,
	at INTEGER NOT NULL,
	officer_id INTEGER,
	change TEXT NOT NULL,
	details TEXT NOT NULL,
	CONSTRAINT pk_institution_change PRIMARY KEY (id),
	CONSTRAINT fk_institution_change_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id),
	CONSTRAINT fk_institution_change_officer_id FOREIGN KEY(officer_id) REFERENCES officer (id)
)
 STRICT;

CREATE INDEX ix_institution_change_institution ON institution_change (institution_id);

CREATE TABLE message (
	id INTEGER NOT NULL,
	report_id INTEGER NOT NULL,
	from_reporter INTEGER NOT NULL,
	officer_id INTEGER,
	department TEXT,
	internal INTEGER DEFAULT '0' NOT NULL,
	at INTEGER NOT NULL,
	text BLOB,
	CONSTRAINT pk_message PRIMARY KEY (id),
	CONSTRAINT ck_message_officer_named CHECK (from_reporter = 1 OR officer_id IS NOT NULL),
	CONSTRAINT fk_message_report_id FOREIGN KEY(report_id) REFERENCES report (id),
	CONSTRAINT fk_message_officer_id FOREIGN KEY(officer_id) REFERENCES officer (id)
)
 STRICT;

CREATE INDEX ix_message_report ON message (report_id, id);

CREATE TABLE outbox (
	id INTEGER NOT NULL,
	addressee_id INTEGER NOT NULL,
	channel TEXT NOT NULL,
	cause_id INTEGER,
	dedupe_key TEXT NOT NULL,
	payload BLOB NOT NULL,
	created_at INTEGER NOT NULL,
	not_before INTEGER NOT NULL,
	attempts INTEGER DEFAULT '0' NOT NULL,
	leased_until INTEGER,
	state TEXT DEFAULT 'waiting' NOT NULL,
	settled_at INTEGER,
	reference TEXT,
	failure TEXT,
	CONSTRAINT pk_outbox PRIMARY KEY (id),
	CONSTRAINT ck_outbox_state_known CHECK (state IN ('waiting', 'sent', 'undeliverable')),
	CONSTRAINT ck_outbox_settled_has_time CHECK ((state = 'waiting') = (settled_at IS NULL)),
	CONSTRAINT ck_outbox_settled_is_free CHECK (state = 'waiting' OR leased_until IS NULL),
	CONSTRAINT ck_outbox_attempts_count CHECK (attempts >= 0),
	CONSTRAINT fk_outbox_addressee_id FOREIGN KEY(addressee_id) REFERENCES addressee (id),
	CONSTRAINT fk_outbox_cause_id FOREIGN KEY(cause_id) REFERENCES inbox (id),
	CONSTRAINT uq_outbox_dedupe_key UNIQUE (dedupe_key)
)
 STRICT;

CREATE INDEX ix_outbox_cause ON outbox (cause_id);

CREATE INDEX ix_outbox_person ON outbox (addressee_id, id);

CREATE INDEX ix_outbox_waiting ON outbox (channel, addressee_id, id) WHERE state = 'waiting';

CREATE TABLE problem (
	id INTEGER NOT NULL,
	number TEXT NOT NULL,
	source TEXT NOT NULL,
	report_id INTEGER,
	institution_id INTEGER,
	task INTEGER NOT NULL,
	department TEXT NOT NULL,
	responsible TEXT NOT NULL,
	description TEXT NOT NULL,
	found_at INTEGER NOT NULL,
	"plan" TEXT,
	due_on TEXT,
	evidence TEXT,
	put_right_by INTEGER,
	put_right_at INTEGER,
	accepted_by INTEGER,
	accepted_at INTEGER,
	struck_off_at INTEGER,
	CONSTRAINT pk_problem PRIMARY KEY (id),
	CONSTRAINT ck_problem_source_known CHECK (source IN ('report', 'patrol', 'superior', 'inspection')),
	CONSTRAINT ck_problem_task_known CHECK (task BETWEEN 0 AND 5),
	CONSTRAINT ck_problem_plan_has_date CHECK ((plan IS NULL) = (due_on IS NULL)),
	CONSTRAINT ck_problem_put_right_has_evidence CHECK (put_right_at IS NULL OR (plan IS NOT NULL AND evidence IS NOT NULL)),
	CONSTRAINT ck_problem_accepted_after_put_right CHECK (accepted_at IS NULL OR put_right_at IS NOT NULL),
	CONSTRAINT ck_problem_struck_off_only_when_accepted CHECK (struck_off_at IS NULL OR accepted_at IS NOT NULL),
	CONSTRAINT ck_problem_four_eyes CHECK (accepted_by IS NULL OR accepted_by <> put_right_by),
	CONSTRAINT uq_problem_number UNIQUE (number),
	CONSTRAINT fk_problem_report_id FOREIGN KEY(report_id) REFERENCES report (id),
	CONSTRAINT fk_problem_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id),
	CONSTRAINT fk_problem_put_right_by FOREIGN KEY(put_right_by) REFERENCES officer (id),
	CONSTRAINT fk_problem_accepted_by FOREIGN KEY(accepted_by) REFERENCES officer (id)
)
 STRICT;

CREATE INDEX ix_problem_department ON problem (department, struck_off_at);

CREATE TABLE reroute (
	id INTEGER NOT NULL,
	report_id INTEGER NOT NULL,
	what TEXT NOT NULL,
	was TEXT NOT NULL,
	became TEXT NOT NULL,
	officer_id INTEGER,
	at INTEGER NOT NULL,
	CONSTRAINT pk_reroute PRIMARY KEY (id),
	CONSTRAINT ck_reroute_what_known CHECK (what IN ('category', 'lead')),
	CONSTRAINT ck_reroute_something_changed CHECK (was <> became),
	CONSTRAINT fk_reroute_report_id FOREIGN KEY(report_id) REFERENCES report (id),
	CONSTRAINT fk_reroute_officer_id FOREIGN KEY(officer_id) REFERENCES officer (id)
)
 STRICT;

CREATE INDEX ix_reroute_report ON reroute (report_id);

CREATE TABLE risk (
	id INTEGER NOT NULL,
	institution_id INTEGER,
	about TEXT,
	category TEXT,
	town TEXT,
	kind TEXT NOT NULL,
	level TEXT NOT NULL,
	why TEXT NOT NULL,
	families INTEGER,
	yuan INTEGER,
	unpaid_staff INTEGER,
	unpaid_yuan INTEGER,
	measures TEXT,
	responsible TEXT,
	due_on TEXT,
	progress TEXT,
	opened_at INTEGER NOT NULL,
	opened_by INTEGER,
	settled_at INTEGER,
	CONSTRAINT pk_risk PRIMARY KEY (id),
	CONSTRAINT ck_risk_kind_known CHECK (kind IN ('runaway', 'refund', 'wages', 'safety', 'funds', 'opinion', 'other')),
	CONSTRAINT ck_risk_level_known CHECK (level IN ('none', 'low', 'medium', 'high')),
	CONSTRAINT ck_risk_about_something CHECK (institution_id IS NOT NULL OR about IS NOT NULL),
	CONSTRAINT fk_risk_institution_id FOREIGN KEY(institution_id) REFERENCES institution (id),
	CONSTRAINT fk_risk_opened_by FOREIGN KEY(opened_by) REFERENCES officer (id)
)
 STRICT;

CREATE UNIQUE INDEX uq_risk_one_gathering ON risk (about) WHERE settled_at IS NULL;

CREATE UNIQUE INDEX uq_risk_one_open ON risk (institution_id, kind) WHERE settled_at IS NULL;

CREATE TABLE sign_in (
	id INTEGER NOT NULL,
	officer_id INTEGER NOT NULL,
	token_hash BLOB NOT NULL,
	created_at INTEGER NOT NULL,
	seen_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	revoked_at INTEGER,
	device TEXT NOT NULL,
	CONSTRAINT pk_sign_in PRIMARY KEY (id),
	CONSTRAINT fk_sign_in_officer_id FOREIGN KEY(officer_id) REFERENCES officer (id),
	CONSTRAINT uq_sign_in_token_hash UNIQUE (token_hash)
)
 STRICT;

CREATE TABLE similar_mark (
	mark INTEGER NOT NULL,
	report_id INTEGER NOT NULL,
	among INTEGER NOT NULL,
	CONSTRAINT pk_similar_mark PRIMARY KEY (mark, report_id),
	CONSTRAINT fk_similar_mark_report_id FOREIGN KEY(report_id) REFERENCES report (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE INDEX ix_similar_mark_report ON similar_mark (report_id);

CREATE TABLE spot_check (
	id INTEGER NOT NULL,
	period TEXT NOT NULL,
	seed TEXT NOT NULL,
	report_id INTEGER NOT NULL,
	drawn_at INTEGER NOT NULL,
	finding TEXT,
	checked_by INTEGER,
	checked_at INTEGER,
	CONSTRAINT pk_spot_check PRIMARY KEY (id),
	CONSTRAINT ck_spot_check_finding_known CHECK (finding IN ('passed', 'failed')),
	CONSTRAINT uq_spot_check_period_report_id UNIQUE (period, report_id),
	CONSTRAINT ck_spot_check_checked_has_finding CHECK ((finding IS NULL) = (checked_at IS NULL)),
	CONSTRAINT fk_spot_check_report_id FOREIGN KEY(report_id) REFERENCES report (id),
	CONSTRAINT fk_spot_check_checked_by FOREIGN KEY(checked_by) REFERENCES officer (id)
)
 STRICT;

CREATE TABLE staff_card (
	id INTEGER NOT NULL,
	addressee_id INTEGER NOT NULL,
	report_id INTEGER NOT NULL,
	reference TEXT NOT NULL,
	digest BLOB NOT NULL,
	seen_seq INTEGER NOT NULL,
	CONSTRAINT pk_staff_card PRIMARY KEY (id),
	CONSTRAINT uq_staff_card_addressee_id_reference UNIQUE (addressee_id, reference),
	CONSTRAINT fk_staff_card_addressee_id FOREIGN KEY(addressee_id) REFERENCES addressee (id),
	CONSTRAINT fk_staff_card_report_id FOREIGN KEY(report_id) REFERENCES report (id)
)
 STRICT;

CREATE INDEX ix_staff_card_report ON staff_card (report_id);

CREATE TABLE staff_group (
	addressee_id INTEGER NOT NULL,
	department TEXT NOT NULL,
	bound_by INTEGER NOT NULL,
	bound_at INTEGER NOT NULL,
	CONSTRAINT pk_staff_group PRIMARY KEY (addressee_id),
	CONSTRAINT fk_staff_group_addressee_id FOREIGN KEY(addressee_id) REFERENCES addressee (id),
	CONSTRAINT fk_staff_group_bound_by FOREIGN KEY(bound_by) REFERENCES officer (id)
)
 STRICT;

CREATE TABLE attachment (
	id INTEGER NOT NULL,
	addressee_id INTEGER,
	report_id INTEGER,
	album TEXT,
	kind TEXT NOT NULL,
	media_type TEXT NOT NULL,
	size INTEGER NOT NULL,
	digest BLOB NOT NULL,
	data_key_id INTEGER NOT NULL,
	clean_digest BLOB,
	added_by INTEGER,
	assignment_id INTEGER,
	purpose TEXT,
	added_at INTEGER NOT NULL,
	removed_at INTEGER,
	CONSTRAINT pk_attachment PRIMARY KEY (id),
	CONSTRAINT ck_attachment_kind_known CHECK (kind IN ('photo', 'document', 'audio', 'video')),
	CONSTRAINT ck_attachment_purpose_known CHECK (purpose IN ('inspection_record', 'order', 'rectification', 'refund_proof', 'scene', 'other')),
	CONSTRAINT ck_attachment_officers_file_has_record CHECK ((added_by IS NULL) = (assignment_id IS NULL)),
	CONSTRAINT ck_attachment_officers_file_has_purpose CHECK ((added_by IS NULL) = (purpose IS NULL)),
	CONSTRAINT ck_attachment_officers_file_has_report CHECK (added_by IS NULL OR (addressee_id IS NULL AND report_id IS NOT NULL)),
	CONSTRAINT uq_attachment_report_id_digest UNIQUE (report_id, digest),
	CONSTRAINT fk_attachment_addressee_id FOREIGN KEY(addressee_id) REFERENCES addressee (id),
	CONSTRAINT fk_attachment_report_id FOREIGN KEY(report_id) REFERENCES report (id),
	CONSTRAINT fk_attachment_data_key_id FOREIGN KEY(data_key_id) REFERENCES data_key (id),
	CONSTRAINT fk_attachment_added_by FOREIGN KEY(added_by) REFERENCES officer (id),
	CONSTRAINT fk_attachment_assignment_id FOREIGN KEY(assignment_id) REFERENCES assignment (id)
)
 STRICT;

CREATE INDEX ix_attachment_assignment ON attachment (assignment_id);

CREATE INDEX ix_attachment_owner ON attachment (addressee_id);

CREATE TABLE campaign_draft (
	id INTEGER NOT NULL,
	campaign_id INTEGER NOT NULL,
	department TEXT NOT NULL,
	version INTEGER NOT NULL,
	text TEXT NOT NULL,
	handed_in_by INTEGER NOT NULL,
	handed_in_at INTEGER NOT NULL,
	CONSTRAINT pk_campaign_draft PRIMARY KEY (id),
	CONSTRAINT uq_campaign_draft_campaign_id_department_version UNIQUE (campaign_id, department, version),
	CONSTRAINT fk_campaign_draft_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
	CONSTRAINT fk_campaign_draft_handed_in_by FOREIGN KEY(handed_in_by) REFERENCES officer (id)
)
 STRICT;

CREATE TABLE clock (
	id INTEGER NOT NULL,
	report_id INTEGER NOT NULL,
	assignment_id INTEGER,
	kind TEXT NOT NULL,
	unit TEXT NOT NULL,
	amount INTEGER NOT NULL,
	started_at INTEGER NOT NULL,
	due_original INTEGER NOT NULL,
	due_at INTEGER NOT NULL,
	provisional INTEGER NOT NULL,
	paused_at INTEGER,
	paused_seconds INTEGER DEFAULT '0' NOT NULL,
	extended INTEGER DEFAULT '0' NOT NULL,
	next_at INTEGER,
	stopped_at INTEGER,
	reminded INTEGER DEFAULT '0' NOT NULL,
	CONSTRAINT pk_clock PRIMARY KEY (id),
	CONSTRAINT ck_clock_kind_known CHECK (kind IN ('triage', 'sign', 'contact', 'reply', 'assist', 'return', 'review', 'callback', 'redo', 'info')),
	CONSTRAINT ck_clock_unit_known CHECK (unit IN ('minute', 'work_minute', 'work_day', 'day')),
	CONSTRAINT ck_clock_due_after_start CHECK (due_at > started_at AND due_original > started_at),
	CONSTRAINT ck_clock_stopped_after_start CHECK (stopped_at IS NULL OR stopped_at >= started_at),
	CONSTRAINT ck_clock_stopped_is_not_paused CHECK (paused_at IS NULL OR stopped_at IS NULL),
	CONSTRAINT fk_clock_report_id FOREIGN KEY(report_id) REFERENCES report (id),
	CONSTRAINT fk_clock_assignment_id FOREIGN KEY(assignment_id) REFERENCES assignment (id)
)
 STRICT;

CREATE INDEX ix_clock_assignment ON clock (assignment_id);

CREATE INDEX ix_clock_due ON clock (due_at) WHERE stopped_at IS NULL;

CREATE INDEX ix_clock_next ON clock (next_at) WHERE stopped_at IS NULL AND paused_at IS NULL;

CREATE UNIQUE INDEX uq_clock_running ON clock (report_id, coalesce(assignment_id, 0), kind) WHERE stopped_at IS NULL;

CREATE TABLE event (
	id INTEGER NOT NULL,
	report_id INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	assignment_id INTEGER,
	kind TEXT NOT NULL,
	role TEXT NOT NULL,
	officer_id INTEGER,
	department TEXT,
	at INTEGER NOT NULL,
	from_status TEXT,
	to_status TEXT NOT NULL,
	reason BLOB,
	details TEXT NOT NULL,
	previous_hash BLOB NOT NULL,
	hash BLOB NOT NULL,
	CONSTRAINT pk_event PRIMARY KEY (id),
	CONSTRAINT uq_event_report_id_seq UNIQUE (report_id, seq),
	CONSTRAINT ck_event_kind_known CHECK (kind IN ('filed', 'routed', 'triaged', 'sealed', 'dispatched', 'claimed', 'released', 'started', 'contacted', 'info_asked', 'info_given', 'info_lapsed', 'suspended', 'resumed', 'return_requested', 'return_approved', 'return_denied', 'extension_requested', 'extension_approved', 'extension_denied', 'transferred', 'reassigned', 'assist_added', 'assist_waived', 'noted', 'inspected', 'submitted', 'approved', 'sent_back', 'replied', 'called_back', 'disputed', 'rated', 'redone', 'closed', 'archived', 'reopened', 'rejected', 'merged', 'withdrawn', 'escalated', 'reminded', 'became_overdue', 'due_recalculated', 'level_changed', 'category_changed', 'conflict_declared', 'message_from_reporter', 'message_to_reporter', 'evidence_added', 'document_added', 'pushes_chosen', 'spot_checked', 'linked', 'identity_erased')),
	CONSTRAINT ck_event_role_known CHECK (role IN ('citizen', 'clerk', 'officer', 'head', 'office', 'discipline', 'reader', 'system')),
	CONSTRAINT ck_event_history_starts_once CHECK ((seq = 1) = (from_status IS NULL)),
	CONSTRAINT fk_event_report_id FOREIGN KEY(report_id) REFERENCES report (id),
	CONSTRAINT fk_event_assignment_id FOREIGN KEY(assignment_id) REFERENCES assignment (id),
	CONSTRAINT fk_event_officer_id FOREIGN KEY(officer_id) REFERENCES officer (id),
	CONSTRAINT uq_event_hash UNIQUE (hash)
)
 STRICT;

CREATE INDEX ix_event_assignment ON event (assignment_id, kind);

CREATE TABLE extension (
	id INTEGER NOT NULL,
	assignment_id INTEGER NOT NULL,
	asked_by INTEGER NOT NULL,
	asked_at INTEGER NOT NULL,
	days INTEGER NOT NULL,
	decided_by INTEGER,
	decided_at INTEGER,
	approved INTEGER,
	CONSTRAINT pk_extension PRIMARY KEY (id),
	CONSTRAINT ck_extension_days_in_range CHECK (days BETWEEN 1 AND 60),
	CONSTRAINT ck_extension_four_eyes CHECK (decided_by IS NULL OR decided_by <> asked_by),
	CONSTRAINT ck_extension_decided_has_time CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
	CONSTRAINT ck_extension_decided_has_answer CHECK ((decided_at IS NULL) = (approved IS NULL)),
	CONSTRAINT fk_extension_assignment_id FOREIGN KEY(assignment_id) REFERENCES assignment (id),
	CONSTRAINT fk_extension_asked_by FOREIGN KEY(asked_by) REFERENCES officer (id),
	CONSTRAINT fk_extension_decided_by FOREIGN KEY(decided_by) REFERENCES officer (id)
)
 STRICT;

CREATE UNIQUE INDEX uq_extension_one_open ON extension (assignment_id) WHERE decided_at IS NULL;

CREATE TABLE handling (
	id INTEGER NOT NULL,
	assignment_id INTEGER NOT NULL,
	round INTEGER NOT NULL,
	disposition TEXT NOT NULL,
	inspected_at INTEGER,
	measures TEXT NOT NULL,
	refund_asked_yuan INTEGER,
	refund_yuan INTEGER,
	fine_yuan INTEGER,
	students INTEGER,
	evacuated INTEGER,
	content BLOB,
	saved_by INTEGER NOT NULL,
	saved_at INTEGER NOT NULL,
	CONSTRAINT pk_handling PRIMARY KEY (id),
	CONSTRAINT uq_handling_assignment_id_round UNIQUE (assignment_id, round),
	CONSTRAINT ck_handling_disposition_known CHECK (disposition IN ('substantiated_rectified', 'substantiated_penalized', 'closed_down', 'partly', 'unsubstantiated', 'insufficient', 'refund_done', 'mediated', 'mediation_failed', 'case_filed', 'transferred', 'duplicate', 'answered', 'withdrawn')),
	CONSTRAINT fk_handling_assignment_id FOREIGN KEY(assignment_id) REFERENCES assignment (id),
	CONSTRAINT fk_handling_saved_by FOREIGN KEY(saved_by) REFERENCES officer (id)
)
 STRICT;

CREATE TABLE inspection_department (
	inspection_id INTEGER NOT NULL,
	department TEXT NOT NULL,
	CONSTRAINT pk_inspection_department PRIMARY KEY (inspection_id, department),
	CONSTRAINT fk_inspection_department_inspection_id FOREIGN KEY(inspection_id) REFERENCES inspection (id)
)
 STRICT;

CREATE TABLE letter (
	id INTEGER NOT NULL,
	assignment_id INTEGER NOT NULL,
	year INTEGER NOT NULL,
	serial INTEGER NOT NULL,
	issued_by INTEGER,
	issued_at INTEGER NOT NULL,
	CONSTRAINT pk_letter PRIMARY KEY (id),
	CONSTRAINT uq_letter_year_serial UNIQUE (year, serial),
	CONSTRAINT uq_letter_assignment_id UNIQUE (assignment_id),
	CONSTRAINT fk_letter_assignment_id FOREIGN KEY(assignment_id) REFERENCES assignment (id),
	CONSTRAINT fk_letter_issued_by FOREIGN KEY(issued_by) REFERENCES officer (id)
)
 STRICT;

CREATE TABLE problem_step (
	id INTEGER NOT NULL,
	problem_id INTEGER NOT NULL,
	at INTEGER NOT NULL,
	officer_id INTEGER,
	step TEXT NOT NULL,
	note TEXT,
	CONSTRAINT pk_problem_step PRIMARY KEY (id),
	CONSTRAINT fk_problem_step_problem_id FOREIGN KEY(problem_id) REFERENCES problem (id),
	CONSTRAINT fk_problem_step_officer_id FOREIGN KEY(officer_id) REFERENCES officer (id)
)
 STRICT;

CREATE INDEX ix_problem_step_problem ON problem_step (problem_id);

CREATE TABLE risk_report (
	risk_id INTEGER NOT NULL,
	report_id INTEGER NOT NULL,
	CONSTRAINT pk_risk_report PRIMARY KEY (risk_id, report_id),
	CONSTRAINT fk_risk_report_risk_id FOREIGN KEY(risk_id) REFERENCES risk (id),
	CONSTRAINT fk_risk_report_report_id FOREIGN KEY(report_id) REFERENCES report (id)
)
 STRICT;

CREATE TABLE risk_step (
	id INTEGER NOT NULL,
	risk_id INTEGER NOT NULL,
	at INTEGER NOT NULL,
	officer_id INTEGER,
	step TEXT NOT NULL,
	note TEXT,
	CONSTRAINT pk_risk_step PRIMARY KEY (id),
	CONSTRAINT fk_risk_step_risk_id FOREIGN KEY(risk_id) REFERENCES risk (id),
	CONSTRAINT fk_risk_step_officer_id FOREIGN KEY(officer_id) REFERENCES officer (id)
)
 STRICT;

CREATE INDEX ix_risk_step_risk ON risk_step (risk_id);

CREATE TRIGGER IF NOT EXISTS event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;

CREATE TRIGGER IF NOT EXISTS event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;

CREATE TRIGGER IF NOT EXISTS event_no_replace BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE (id = NEW.id) OR (hash = NEW.hash) OR (report_id = NEW.report_id AND seq = NEW.seq)) BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;

CREATE TRIGGER IF NOT EXISTS access_no_update BEFORE UPDATE ON access BEGIN SELECT RAISE(ABORT, 'access is append-only'); END;

CREATE TRIGGER IF NOT EXISTS access_no_delete BEFORE DELETE ON access BEGIN SELECT RAISE(ABORT, 'access is append-only'); END;

CREATE TRIGGER IF NOT EXISTS access_no_replace BEFORE INSERT ON access WHEN EXISTS (SELECT 1 FROM access WHERE (id = NEW.id) OR (hash = NEW.hash)) BEGIN SELECT RAISE(ABORT, 'access is append-only'); END;
