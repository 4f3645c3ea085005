using System.CommandLine;
using Movento.Commands;

var root = new RootCommand("Movento: a film goes in, a stream comes out.")
{
    ServeCommand.Create(),
    UpCommand.Create(),
    DemoCommand.Create(),
    UploadCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
