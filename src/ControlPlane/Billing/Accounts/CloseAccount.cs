using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Billing;

/// <summary>
/// An account is gone: the provider deletes its customer, which ends what it pays for, and then nothing of it is kept here. Invoices stay with the provider,
/// as the law has it. While billing is off nothing can be ended, so the rows stay until it is on.
/// </summary>
internal sealed class CloseAccount(Customers customers, IPayments payments, BillingOptions options) : IConsumer<AccountDeleted>
{
    public async Task Consume(ConsumeContext<AccountDeleted> context)
    {
        var (user, cancellationToken) = (context.Message.UserId, context.CancellationToken);
        if (await customers.FindAsync(user, cancellationToken) is { } customer)
        {
            if (!options.IsOn) return;
            await payments.DeleteCustomerAsync(customer, cancellationToken);
        }

        await customers.ForgetAsync(user, cancellationToken);
    }
}
