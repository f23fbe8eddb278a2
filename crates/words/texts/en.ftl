# English. Grade 8 or below (a test measures it). A translation has exactly these messages with these arguments.
# { $phone }, { $postal } and the like are put in by the program.

## Everywhere
language-name = English
languages = Language
help-call = Help in another language, large print or another format is free. Call { $phone } (TTY{ "\u00A0" }711).
help-by-letter = Help in another language, large print or another format is free. Write to us at this address.
try-again = Try again
incident = If you call or write, tell us this number: { $number }.
list = { $before } and { $last }
day =
    { $month ->
        [m1] January
        [m2] February
        [m3] March
        [m4] April
        [m5] May
        [m6] June
        [m7] July
        [m8] August
        [m9] September
        [m10] October
        [m11] November
       *[m12] December
    } { $day }, { $year }
# Stands for a topic whose name would tell about somebody's health.
some-updates = some health updates

## What this host is
front = This site is for links in our emails
front-text = Emails from { $organization } have a link to stop them. The link leads to this site. To use it, open the email and press the link.

## Where the links of a test mail lead, which staff send each other
trial = This was a test
trial-text = The email with this link was a test. The link stops nothing and changes nothing. In a real email it leads to the reader’s own page.

## Stop these emails
stop = Stop these emails?
stop-about = Emails: { $topic }
stop-button = Stop these emails
stop-all-button = Stop all optional emails
stop-instead = Change my choices instead
stopped = You are unsubscribed
stopped-topic = We stopped { $topic } just now. Any other emails you chose will still come.
stopped-all = We stopped all optional emails just now.
still = You may still get emails about your care or your bills, and notices the law requires. An email sent in the last minute may still arrive.
mistake = Was this a mistake? We can email you a link to choose again.
mistake-button = Email me a link

## This is not me
not-me = Is this email not for you?
not-me-text = Press the button and we will stop writing to this address.
not-me-button = This is not me
not-me-done = Thank you. We stopped.
not-me-done-text = Please delete the email.

## What can go wrong
missing = This link does not work
missing-text = A part of it may be missing. Open the email again and press the link there.
missing-call = You can also call { $phone }. We can stop the emails for you.
missing-by-letter = You can also write to us at the address below. We can stop the emails for you.
improper = This page cannot do that
improper-text = Open the email again and press the link there.
improper-call = You can also call { $phone }. We can stop the emails for you.
improper-by-letter = You can also write to us at the address below. We can stop the emails for you.
unshown = We cannot show this page right now
unshown-call = Please try again in a minute, or call { $phone }.
unshown-by-letter = Please try again in a minute, or write to us at the address below.
unsaved = We could not save that
unsaved-call = Please try again, or call { $phone }.
unsaved-by-letter = Please try again, or write to us at the address below.
old-link = This link no longer works
old-link-text = Ask for a new one.
old-link-button = Get a new link
old-link-call = You can also call { $phone }.
old-link-by-letter = You can also write to us at the address below.
errors = Please look at this again

## Choose the emails you want
join = Choose the emails you want from { $organization }
join-you-decide = You decide. Your care and your costs stay the same, whether you say yes or no.
join-topics = Which emails?
join-use = How we use your information
join-use-text = We use your record at { $organization }, such as your age, visits and health history, to choose emails that fit you. Companies that help us send email must protect it, by contract. We do not sell it.
join-privacy = Email and privacy
join-privacy-text = We send emails in a protected way. Anyone who can open your mailbox can read your emails.
join-stop-call = You can stop at any time. Use the link in any email, or call { $phone }. We stop right away. An email already on its way may still come.
join-stop-by-letter = You can stop at any time. Use the link in any email, or write to us. We stop right away. An email already on its way may still come.
join-you = About you
join-email = Email
join-given = First name
join-family = Last name
join-birth = Birth date
join-birth-why = To find your record.
join-month = Month
join-day = Day
join-year = Year
join-other-call = Is this for someone else? Call { $phone }.
join-other-by-letter = Is this for someone else? Write to us at the address below.
join-yes = Yes, send me these emails
join-no = No, thank you
join-none = There is nothing to sign up for here right now.
join-form = Form { $name }, version { $version }, { $date }
join-form-name = Email choices
join-need-topic = Choose at least one kind of email
join-need-email = Enter your email, like name@example.com
join-need-name = Enter your first and last name
join-need-birth = Enter your birth date, like 3 14 1980
asked = Check your email
asked-text = We sent a message to { $address }. Open it, follow the link and press Confirm. Until then, you will not get these emails.
asked-call = No message? Look in your spam folder, or call { $phone }.
asked-by-letter = No message? Look in your spam folder, or write to us at the address below.
declined = You are not signed up
declined-text = Nothing else changes.

## Confirm your choice
confirm = Confirm your choice
confirm-text = You asked for: { $topics }. Press the button to confirm.
confirm-button = Confirm
confirm-not-you = Did you not ask for this? Close this page. You will not be signed up.
confirmed = Done
confirmed-text = If your details match our records, you will get { $topics }. You can change this at any time.

## Your email choices
choices = Your email choices
choices-for = For { $address }.
choices-only-you = If other people share this address, their choices do not change.
choices-topics = Emails you want
choices-pace = How often at most
choices-pace-each = As sent
choices-pace-week = Once a week
choices-pace-month = Once a month
choices-language = Language
language-english = English
language-spanish = Español
choices-save = Save my choices
choices-stop = Stop all optional emails
choices-care-call = Emails about your care, like visit reminders, are separate. To change how we reach you about your care, call { $phone }. You do not have to say why.
choices-care-by-letter = Emails about your care, like visit reminders, are separate. To change how we reach you about your care, write to us at the address below. You do not have to say why.
choices-saved = Saved
choices-will = You will get: { $topics }.
choices-will-week = You will get: { $topics }, once a week at most.
choices-will-month = You will get: { $topics }, once a month at most.
choices-will-not = You will not get: { $topics }.
choices-stopped = We stopped all optional emails.
choices-ask = Change your email choices
choices-ask-text = Enter your email. If we have it, we will send you a link. It works for 30 minutes.
choices-ask-button = Email me a link
choices-asked = Check your email
choices-asked-text = If we have this address, a link is on its way.

## A copy of a signed permission
copy = Your permission
copy-text = This is a copy of the permission you gave to { $organization }.
copy-check = Enter your birth date to see your copy
copy-check-text = To keep it private, we ask for your birth date first.
copy-check-button = Show my copy
copy-wrong = This is not the birth date we have. Try again.
copy-locked = Too many tries
copy-locked-text = For safety, this link is closed. Ask us for a new one.
copy-information = What information
copy-who = Who may use it
copy-to = Who may get it
copy-purpose = What for
copy-payment = Payment
copy-payment-text = { $organization } is paid to send you this.
copy-choice = Your choice
copy-choice-text = You do not have to sign. Your treatment, payment, health plan enrollment and benefits do not depend on it.
copy-shared = If it is shared
copy-shared-text = Whoever gets your information could share it again. Then federal privacy law may no longer protect it.
copy-ends = When it ends
copy-ends-on = On { $date }.
copy-ends-event = When this happens: { $event }
copy-signed = Signed
copy-signed-on = Signed on { $date }.
copy-signed-for = Signed for the patient by: { $authority }
copy-back = How to take it back
copy-back-text = You can take it back at any time. Press the button, or write to { $postal }. We stop as soon as we get it. We cannot undo what we did before that.
copy-revoke = Take back my permission
copy-revoked = Your permission ended just now
copy-revoked-text = We keep the signed form because the law says so.
copy-ended = This permission has ended.

## Mails that somebody asked for
mail-why = You get this email because someone entered this address on a page of { $organization }.
mail-why-copy = You get this email because you asked { $organization } for a copy.
mail-confirm = Please confirm your email choice
mail-confirm-text = Someone asked { $organization } to send emails to this address. If it was you, follow the link and press Confirm. If not, do nothing. You will not be signed up.
mail-confirm-link = Confirm my choice
mail-choices = Your link to change your email choices
mail-choices-text = Someone asked for this link. It works for 30 minutes. If it was not you, do nothing. Nothing will change.
mail-choices-link = Change my email choices
mail-choices-whose = This link is for { $name }.
mail-copy = Your copy is ready
mail-copy-text = You asked { $organization } for a copy of a form you signed. Use this link to read it. We will ask for a birth date. It works for 7 days.
mail-copy-link = Read my copy
