BEGIN TRANSACTION;
CREATE TABLE act (
	id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	who TEXT NOT NULL, 
	why TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	run INTEGER, 
	details TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(run) REFERENCES run (id)
);
INSERT INTO "act" VALUES(1,'2026-11-26T01:26:04.219Z','grader','term is over','missing-is-zero',1,'{"assignment":"backprop"}');
CREATE TABLE altered (
	"key" TEXT NOT NULL, 
	function TEXT NOT NULL, 
	data BLOB NOT NULL, 
	PRIMARY KEY ("key", function)
);
CREATE TABLE answer_key (
	hash TEXT NOT NULL, 
	exercise TEXT NOT NULL, 
	data BLOB NOT NULL, 
	PRIMARY KEY (hash)
);
INSERT INTO "answer_key" VALUES('key','sigmoid',X'789CABAE0500017500F9');
CREATE TABLE attempt (
	id INTEGER NOT NULL, 
	digest TEXT NOT NULL, 
	student TEXT NOT NULL, 
	assignment TEXT NOT NULL, 
	exercise TEXT NOT NULL, 
	content TEXT, 
	name TEXT NOT NULL, 
	submitted_at TEXT NOT NULL, 
	place TEXT NOT NULL, 
	run INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (digest), 
	FOREIGN KEY(content) REFERENCES content (hash), 
	FOREIGN KEY(run) REFERENCES run (id)
);
INSERT INTO "attempt" VALUES(1,'deacbcdd0e6bae3b5635149e41323d6d8770593ac3cca4b8c8a7018e2a3342ba','ada','backprop','sigmoid','9e26bf369911c45c243c684147b23fc9e1dcfcf257d299a1c632016a6fcd33f4','sigmoid.py','2026-01-02T03:04:05Z','',1);
INSERT INTO "attempt" VALUES(2,'817b32bef66e91bdd6d8e656ff78aa56e2169b8df6f872aa46015cea702e22cd','ada','backprop','relu',NULL,'','','',1);
INSERT INTO "attempt" VALUES(3,'0bc0c5f69b142c4be3e9262b45549969efa4e9687dfc87f2c64890e26f83ad91','ada','backprop','sigmoid','4205c4809ab1b080fd32b6bf9640e5feaa6d1b69bf9fa684954ab710157ec141','sigmoid.py','2026-01-03T00:00:00Z','',1);
CREATE TABLE compiled (
	sources TEXT NOT NULL, 
	exercise TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	PRIMARY KEY (sources), 
	FOREIGN KEY("key") REFERENCES answer_key (hash)
);
INSERT INTO "compiled" VALUES('sources','sigmoid','key');
CREATE TABLE content (
	hash TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	PRIMARY KEY (hash)
);
INSERT INTO "content" VALUES('9e26bf369911c45c243c684147b23fc9e1dcfcf257d299a1c632016a6fcd33f4',6,X'789CAB50B05530E4020005360131');
INSERT INTO "content" VALUES('4205c4809ab1b080fd32b6bf9640e5feaa6d1b69bf9fa684954ab710157ec141',6,X'789CAB50B05530E2020005380132');
CREATE TABLE course (
	id INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "course" VALUES(1,'Calculus','2026-11-26T01:26:03.994Z');
CREATE TABLE edit (
	id INTEGER NOT NULL, 
	judgement INTEGER NOT NULL, 
	result TEXT NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (judgement), 
	FOREIGN KEY(judgement) REFERENCES judgement (id)
);
INSERT INTO "edit" VALUES(1,1,'{"exercise":"sigmoid","verdict":"WRONG_ANSWER","score":1.0,"max_score":2.0,"checks":[{"name":"rows","claim":"keeps the rows","public":true,"verdict":"WRONG_ANSWER","points":1.0,"max_points":2.0,"misconceptions":[],"feedback":"no","kept":"","group":"","diagnosis":null}],"notes":["line 1"],"fault":"","not_searched":""}','2026-11-26T01:26:04.207Z');
CREATE TABLE judgement (
	id INTEGER NOT NULL, 
	identity TEXT, 
	"key" TEXT NOT NULL, 
	grader TEXT NOT NULL, 
	program TEXT NOT NULL, 
	verdict TEXT NOT NULL, 
	score FLOAT NOT NULL, 
	max_score FLOAT NOT NULL, 
	misconceptions TEXT NOT NULL, 
	rank INTEGER NOT NULL, 
	waits BOOLEAN NOT NULL, 
	at TEXT NOT NULL, 
	provenance TEXT NOT NULL, 
	result TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (identity)
);
INSERT INTO "judgement" VALUES(1,'first','key','1.0+0','p','WRONG_ANSWER',1.0,2.0,'',2,1,'2026-11-26T01:26:04.151Z','{"seed":7,"key":"key","grader":"1.0+0","python":"3.11","numpy":"2.0","torch":"","isolation":["seccomp"],"limits":{"seconds":2.0}}','{"exercise":"sigmoid","verdict":"WRONG_ANSWER","score":1.0,"max_score":2.0,"checks":[{"name":"rows","claim":"keeps the rows","public":true,"verdict":"WRONG_ANSWER","points":1.0,"max_points":2.0,"misconceptions":[],"feedback":"no","kept":"","group":"","diagnosis":null}],"notes":[],"fault":"","not_searched":"later"}');
INSERT INTO "judgement" VALUES(2,'none','key','1.0+0','p','NOT_ATTEMPTED',0.0,2.0,'',0,0,'2026-11-26T01:26:04.157Z','{"seed":7,"key":"key","grader":"1.0+0","python":"3.11","numpy":"2.0","torch":"","isolation":["seccomp"],"limits":{"seconds":2.0}}','{"exercise":"relu","verdict":"NOT_ATTEMPTED","score":0.0,"max_score":2.0,"checks":[{"name":"rows","claim":"keeps the rows","public":true,"verdict":"NOT_ATTEMPTED","points":0.0,"max_points":2.0,"misconceptions":[],"feedback":"no","kept":"","group":"","diagnosis":null}],"notes":[],"fault":"","not_searched":""}');
INSERT INTO "judgement" VALUES(3,NULL,'key','1.0+0','p','JUDGE_ERROR',0.0,2.0,'',1,0,'2026-11-26T01:26:04.165Z','{"seed":7,"key":"key","grader":"1.0+0","python":"3.11","numpy":"2.0","torch":"","isolation":["seccomp"],"limits":{"seconds":2.0}}','{"exercise":"sigmoid","verdict":"JUDGE_ERROR","score":0.0,"max_score":2.0,"checks":[{"name":"rows","claim":"keeps the rows","public":true,"verdict":"JUDGE_ERROR","points":0.0,"max_points":2.0,"misconceptions":[],"feedback":"no","kept":"","group":"","diagnosis":null}],"notes":[],"fault":"no judge","not_searched":""}');
CREATE TABLE record_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT record_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "record_version" VALUES('0001');
CREATE TABLE result (
	id INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	judgement INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	rank INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(attempt) REFERENCES attempt (id), 
	FOREIGN KEY(judgement) REFERENCES judgement (id), 
	FOREIGN KEY(run) REFERENCES run (id)
);
INSERT INTO "result" VALUES(1,1,1,1,2,'2026-11-26T01:26:04.165Z');
INSERT INTO "result" VALUES(2,2,2,1,0,'2026-11-26T01:26:04.165Z');
INSERT INTO "result" VALUES(3,3,3,1,1,'2026-11-26T01:26:04.166Z');
CREATE TABLE run (
	id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	who TEXT NOT NULL, 
	command TEXT NOT NULL, 
	submitted TEXT NOT NULL, 
	grader TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "run" VALUES(1,'2026-11-26T01:26:04.075Z','grader','grade','submitted','0.1.0+517c30f0f872');
CREATE INDEX attempt_whose ON attempt (student, assignment, exercise);
CREATE INDEX ix_result_attempt ON result (attempt);
CREATE INDEX ix_result_judgement ON result (judgement);
CREATE VIEW current_result AS
SELECT student, assignment, exercise, attempt, judgement, result, rank
FROM (
    SELECT attempt.student, attempt.assignment, attempt.exercise,
           result.attempt, result.judgement, result.id AS result, result.rank,
           ROW_NUMBER() OVER (
               PARTITION BY attempt.student, attempt.assignment, attempt.exercise
               ORDER BY result.rank DESC, result.id DESC
           ) AS place
    FROM result JOIN attempt ON attempt.id = result.attempt
) AS ranked
WHERE place = 1;
COMMIT;
