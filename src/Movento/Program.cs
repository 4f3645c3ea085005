using System.CommandLine;
using Movento.Commands;

var root = new RootCommand("Movento: a film goes in, a stream comes out.")
{
    ServeCommand.Create(),
    UpCommand.Create(),
    DemoCommand.Create(),
    UploadCommand.Create(),
    PackageCommand.Create(),
    VerifyCommand.Create(),
    RecommendCommand.Create(),
    KeysCommand.Create(),
};
// Signals belong to StopSignal: the library would end the process two seconds after the first one, in the midst of an orderly stop.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
