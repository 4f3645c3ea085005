using Microsoft.Extensions.Configuration;
using Movento.Hosting;

namespace Movento.Tests.Hosting;

public sealed class ServerBuilderTests
{
    [Fact]
    public void Server_OfAProcess_WatchesNoFolder() =>
        // A watch is of the working directory with all that is below it, where the data may lie.
        Assert.DoesNotContain(((IConfigurationBuilder)ServerBuilder.Create().Configuration).Sources.OfType<FileConfigurationSource>(), source => source.ReloadOnChange);
}
