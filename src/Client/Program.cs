using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Up;
using MaskRcnn.Silo.Hosting;

return args is [ChildProcess.SiloCommandName, .. string[] silo] ? await SiloProgram.RunAsync(silo) : MaskRcnnCommand.Run(args, Console.Out, Console.Error);
