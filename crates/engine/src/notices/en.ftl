# What the server itself writes. Each notice: the subject, paragraphs divided by an empty line, and the words of its link.

verify-identity = Confirm that you send as { $address }
    .body =
        { $user } of { $workspace } wants to send email as { $address } with Quarterdeck.

        If that is you, confirm it with this link within two days.

        If you do not know of this, do nothing: without the link nobody can send as you.
    .action = Confirm { $address }

invitation = { $inviter } invites you to { $workspace }
    .body =
        { $inviter } invites you to { $workspace } on Quarterdeck, where the team writes to customers and sees what becomes of it.

        The link is yours alone. It works for { $days ->
            [one] one day
           *[other] { $days } days
        }.
    .action = Join { $workspace }

password-reset = Choose a new password
    .body =
        Somebody asked for a new password for { $address } on Quarterdeck.

        If that was you, choose one with this link within { $hours ->
            [one] one hour
           *[other] { $hours } hours
        }.

        If not, do nothing: your password stays as it is.
    .action = Choose a new password

channel-paused-credentials = “{ $channel }” is paused: the server refuses its password
    .body =
        Email that goes through “{ $channel }” waits. Nothing is lost, and nothing has failed.

        The server said: { $words }

        Enter the current user name and password, and the channel goes on by itself.
    .action = Open the channel

channel-paused-quota = “{ $channel }” is paused: its quota is used up
    .body =
        Email that goes through “{ $channel }” waits. Nothing is lost, and nothing has failed.

        The server said: { $words }

        The channel goes on when the provider takes mail again, or when you resume it.
    .action = Open the channel

channel-paused-policy = “{ $channel }” is paused: the provider refuses it
    .body =
        Email that goes through “{ $channel }” waits. Nothing is lost, and nothing has failed.

        The server said: { $words }

        The provider has to allow this account or this way of signing in. Then resume the channel.
    .action = Open the channel
