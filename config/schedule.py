"""What is done by the clock: each task, when it is called, and how long a call is worth carrying out."""

from celery.schedules import crontab

# A call is void when the next is due: after a time without a worker, one call finds all that waits.
DELIVER_EVERY_SECONDS = 30.0
TICK_EVERY_SECONDS = 3600.0
MIND_SEATS_EVERY_SECONDS = 300.0
CALLS: dict[str, dict[str, object]] = {
    # To the minute, since an editor who says nine o'clock means nine o'clock.
    "publish-scheduled": {
        "task": "cms.publish_scheduled",
        "schedule": crontab(),
        "options": {"expires": 60},
    },
    "erase-messages": {
        "task": "cms.erase_messages",
        "schedule": crontab(hour=2, minute=30),
        "options": {"expires": 12 * 3600},
    },
    "deliver-messages": {
        "task": "workflows.deliver_waiting",
        "schedule": DELIVER_EVERY_SECONDS,
        "options": {"expires": DELIVER_EVERY_SECONDS},
    },
    "read-returned-mail": {
        "task": "workflows.read_returned",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600},
    },
    "erase-due-answers": {
        "task": "forms_app.erase_due",
        "schedule": crontab(hour=2, minute=10),
        "options": {"expires": 12 * 3600},
    },
    "purge-drafts": {
        "task": "forms_app.purge_drafts",
        "schedule": crontab(hour=2, minute=40),
        "options": {"expires": 12 * 3600},
    },
    # What a rule has sent says so itself, so a worker that was away sends what it missed.
    "send-by-rules": {
        "task": "workflows.send_by_rules",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600},
    },
    "erase-message-bodies": {
        "task": "workflows.erase_message_bodies",
        "schedule": crontab(hour=2, minute=25),
        "options": {"expires": 12 * 3600},
    },
    "daily-digest": {
        "task": "workflows.daily_digest",
        "schedule": crontab(hour=6, minute=30),
        "options": {"expires": 12 * 3600},
    },
    "advance-groups": {
        "task": "programme.groups.advance",
        "schedule": crontab(hour="5-20", minute=5),
        "options": {"expires": 3600},
    },
    "settle-participations": {
        "task": "programme.settle_participations",
        "schedule": crontab(hour=3, minute=10),
        "options": {"expires": 12 * 3600},
    },
    # After the participations are settled, so that what is completed tonight is certified tonight.
    "mind-certificates": {
        "task": "reports.mind_certificates",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 12 * 3600},
    },
    # Every morning; who has been told this month or week is not told again.
    "manager-digest": {
        "task": "programme.manager_digest",
        "schedule": crontab(hour=6, minute=45),
        "options": {"expires": 12 * 3600},
    },
    # Once for each month and person; a day without a worker only delays it.
    "remind-to-attest": {
        "task": "programme.remind_to_attest",
        "schedule": crontab(hour=7, minute=5),
        "options": {"expires": 12 * 3600},
    },
    # What is sent says so itself; an hour without a worker delays an invitation, and no more.
    "send-invitations": {
        "task": "programme.send_invitations",
        "schedule": crontab(hour="6-18", minute=20),
        "options": {"expires": 3600},
    },
    # An offer lapses at its minute; a call that comes late finds all that has.
    "mind-registrations": {
        "task": "programme.mind_registrations",
        "schedule": MIND_SEATS_EVERY_SECONDS,
        "options": {"expires": MIND_SEATS_EVERY_SECONDS},
    },
    # Marked on the guests' rows; a worker is also asked at once.
    "send-guest-mail": {
        "task": "programme.send_guest_mail",
        "schedule": DELIVER_EVERY_SECONDS,
        "options": {"expires": DELIVER_EVERY_SECONDS},
    },
    "erase-guests": {
        "task": "programme.erase_guests",
        "schedule": crontab(hour=2, minute=30),
        "options": {"expires": 12 * 3600},
    },
    "erase-absences": {
        "task": "programme.erase_absences",
        "schedule": crontab(hour=2, minute=35),
        "options": {"expires": 12 * 3600},
    },
    "forget-jobs": {
        "task": "programme.forget_jobs",
        "schedule": crontab(hour=2, minute=45),
        "options": {"expires": 12 * 3600},
    },
    "erase-adaptation-needs": {
        "task": "programme.erase_needs",
        "schedule": crontab(hour=2, minute=20),
        "options": {"expires": 12 * 3600},
    },
    # Deadlines are days: once an hour finds them early in the morning, after an outage too.
    "mind-deadlines": {
        "task": "workflows.tick",
        "schedule": TICK_EVERY_SECONDS,
        "options": {"expires": TICK_EVERY_SECONDS},
    },
}
