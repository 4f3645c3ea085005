using Dapper;

namespace Movento.ControlPlane.Billing;

/// <summary>Who users are to the payment provider.</summary>
internal sealed class Customers(BillingDatabase database, IPayments payments, TimeProvider time)
{
    /// <summary>The user's customer; null where they never bought anything.</summary>
    public async Task<string?> FindAsync(Guid user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "SELECT id FROM customers WHERE user_id = @user", new { user }, cancellationToken: cancellationToken));
    }

    /// <summary>Keeps nothing of what the user has bought.</summary>
    public async Task ForgetAsync(Guid user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM customers WHERE user_id = @user; DELETE FROM rentals WHERE user_id = @user", new { user }, cancellationToken: cancellationToken));
    }

    /// <summary>Notes that a page is open on which the user may buy something: once it is closed they are read again, whether or not a webhook came.</summary>
    public async Task ExpectAsync(Guid user, DateTimeOffset closesAt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE customers SET checkout_until = greatest(checkout_until, @closesAt), due_at = least(due_at, @closesAt) WHERE user_id = @user",
            new { user, closesAt },
            cancellationToken: cancellationToken));
    }

    /// <summary>The user's customer, made where there is none. It is written down before anything can be bought with it, so that no event of it is missed.</summary>
    /// <exception cref="PaymentsException">It could not be made.</exception>
    public async Task<string> EnsureAsync(Guid user, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, cancellationToken) is { } found) return found;
        var made = await payments.CreateCustomerAsync(user, cancellationToken);
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO customers (user_id, id, created_at) VALUES (@user, @made, @now) ON CONFLICT DO NOTHING",
            new { user, made, now = time.GetUtcNow() },
            cancellationToken: cancellationToken));
        return await FindAsync(user, cancellationToken) ?? made;
    }
}
